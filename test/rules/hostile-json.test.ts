// A pack or a policy that is wrong everywhere, or that is no such thing, costs no more than one that is right.
import { describe, expect, it } from "vitest";
import { loadBuiltInPack } from "../../src/rules/built-in-packs.ts";
import { loadPack } from "../../src/rules/load-pack.ts";
import { loadPolicy } from "../../src/rules/policy.ts";

const length = 8_000_000;
const many = (count: number, part: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => part(index)).join(",");

describe.each([
  ["empty checks", `{"pack":"x","title":"t","checks":[${many(length / 3, () => "{}")}]}`],
  [
    "a number of empty checks that is still read",
    `{"pack":"x","title":"t","checks":[${many(19_000, () => "{}")}]}`,
  ],
  ["unknown keys", `{${many(length / 12, index => `"k${index}":1`)}}`],
  ["a number of unknown keys that is still read", `{${many(19_000, index => `"PrivateTmp${index}":{}`)}}`],
  ["one key again and again", `{${many(length / 6, () => '"a":1')}}`],
  ["brackets", "[".repeat(length)],
  ["one text", `{"pack":"${"a".repeat(length)}"}`],
  ["escapes", `{"pack":"${"\\\\".repeat(length / 2)}"}`],
])("%s", (_, text) => {
  it.each([
    ["a pack", () => loadPack(text, "huge.json")],
    ["a policy", () => loadPolicy(text, "huge.json", loadBuiltInPack("systemd-security"))],
  ])("as %s", (__, load) => {
    const before = process.cpuUsage();
    const { diagnostics } = load();
    const { user, system } = process.cpuUsage(before);
    expect(diagnostics.length).toBeGreaterThan(0);
    expect((user + system) / 1000).toBeLessThan(2000);
  });
});
