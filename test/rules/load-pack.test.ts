import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { loadPack } from "../../src/rules/load-pack.ts";

const good = {
  pack: "bakery",
  title: "What our ovens ask",
  checks: [
    {
      id: "oven-network",
      title: "Stays off the network",
      weight: 300,
      range: 1,
      directive: "PrivateNetwork",
      assess: { kind: "on", directive: "PrivateNetwork" },
      mend: ["PrivateNetwork=yes"],
      explanation: "The oven bakes alone.",
      attack: "Somebody else bakes with it.",
      breaks: "Remote baking.",
    },
  ],
};

function load(change: (pack: typeof good) => unknown) {
  return loadPack(JSON.stringify(change(structuredClone(good)), undefined, 2), "bakery.json");
}

function withAssess(assess: unknown) {
  return load(pack => ({ ...pack, checks: pack.checks.map(check => ({ ...check, assess })) }));
}

describe("loadPack", () => {
  it("accepts a pack in the format of the built-in ones", () => {
    const { pack, diagnostics } = load(pack => pack);
    expect(diagnostics).toEqual([]);
    expect(pack).toEqual(good);
  });

  it("names the line, the path and the likely meaning of an unknown key", () => {
    const { pack, diagnostics } = load(({ checks: [check], ...rest }) => ({
      ...rest,
      checks: [{ ...check, wieght: 3 }],
    }));
    expect(pack).toBeUndefined();
    expect(diagnostics).toEqual([
      expect.objectContaining({
        code: "pack-unknown-key",
        severity: "error",
        position: { file: "bakery.json", line: 21, column: 7 },
        args: { path: "checks[0].wieght", meant: "weight" },
      }),
    ]);
  });

  it("names the likely meaning of an unknown kind", () => {
    const { diagnostics } = withAssess({ kind: "wrod", directive: "ProtectHome" });
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0]?.args).toMatchObject({
      path: "checks[0].assess.kind",
      meant: "word",
    });
  });

  it("says what a kind of assessment lacks", () => {
    const { diagnostics } = withAssess({ kind: "word", directive: "ProtectHome", badness: { yes: 0 } });
    expect(diagnostics.map(each => [each.code, each.args?.key])).toEqual([["pack-key-missing", "otherwise"]]);
  });

  it("refuses a badness above the range", () => {
    const { diagnostics } = withAssess({ kind: "constant", badness: 7 });
    expect(diagnostics.map(each => each.code)).toEqual(["pack-badness-above-range"]);
  });

  it("refuses two checks of one name", () => {
    const { diagnostics } = load(pack => ({ ...pack, checks: [...pack.checks, ...pack.checks] }));
    expect(diagnostics.map(each => each.code)).toEqual(["pack-duplicate-id"]);
  });

  it("refuses a pack with nothing in it", () => {
    const { diagnostics } = load(({ pack, title }) => ({ pack, title }));
    expect(diagnostics.map(each => each.code)).toEqual(["pack-without-content"]);
  });

  it("points at the place where the JSON breaks", () => {
    const { diagnostics } = loadPack('{\n  "pack": "bakery",\n}', "bakery.json");
    expect(diagnostics).toEqual([
      {
        code: "json-syntax",
        severity: "error",
        position: { file: "bakery.json", line: 3, column: 1 },
        args: { found: "}" },
      },
    ]);
  });

  it.each([
    ["deep nesting", "[".repeat(200_000)],
    ["a torn string", '{"pack": "ba'],
    ["nothing", ""],
    ["a key named __proto__", '{"__proto__": {"pack": "x"}}'],
  ])("reports %s as a value", (_, text) => {
    const { pack, diagnostics } = loadPack(text, "bakery.json");
    expect(pack).toBeUndefined();
    expect(diagnostics.length).toBeGreaterThan(0);
  });

  it("never throws, whatever the text", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json(),
          fc.string(),
          fc.json().map(text => text.slice(0, -1)),
        ),
        text => {
          loadPack(text, "bakery.json");
        },
      ),
    );
  });
});
