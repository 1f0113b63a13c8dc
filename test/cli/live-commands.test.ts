import { describe, expect, it } from "vitest";
import { run } from "./run.ts";

/** What is refused before anything is touched. */
const refused: readonly (readonly [readonly string[], RegExp])[] = [
  [["trace"], /which unit to trace/],
  [["trace", "oven", "bakery"], /only one/],
  [["trace", "oven;reboot"], /no name of a unit/],
  [["trace", "--for", "soon", "oven"], /--for takes a time/],
  [["trace", "--for", "2d", "oven"], /--for takes a time/],
  [["watch"], /which unit to watch/],
  [["watch", "--for", "-1s", "oven"], /--for/],
  [["explain-failure", "oven.service"], /--journal FILE, --audit FILE/],
  [["explain-failure", "oven.service", "--journal", "-", "--audit", "-"], /one log/],
];

describe("commands about a running service", () => {
  it.each(refused)("%s is refused", async (argv, sentence) => {
    const done = await run(argv);
    expect(done.code).toBe(2);
    expect(done.stderr).toMatch(sentence);
  });

  it("tell when the unit is none", async () => {
    const done = await run(["explain-failure", "no-such-oven.service", "--journal", "-"], { input: "" });
    expect(done.code).toBe(3);
  });

  it("read a journal from standard input", async () => {
    const root = "fixtures/failures/nginx-port/root";
    const input = "Nov 23 10:00:00 bakery nginx[1]: bind() to 0.0.0.0:80 failed (13: Permission denied)\n";
    const done = await run(
      ["explain-failure", "nginx.service", "--root", root, "--systemd", "257", "--journal", "-"],
      { input },
    );
    expect(done.stderr).toBe("");
    expect(done.stdout).toMatch(/add CapabilityBoundingSet=CAP_NET_BIND_SERVICE/);
    expect(done.code).toBe(1);
  });
});
