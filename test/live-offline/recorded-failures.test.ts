import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { run } from "../cli/run.ts";

/**
 * Services of Debian 13 that were broken on purpose: each folder has the unit with the drop-in that did it, the journal in one of
 * the forms that journalctl writes, the kernel's audit records where there are any, and what the logs can tell.
 */
const recorded = fileURLToPath(new URL("../../fixtures/failures", import.meta.url));

interface Expected {
  readonly unit: string;
  /** What was forced; `null` where the logs say nothing that leads to it. */
  readonly directive: string | null;
  readonly lines: readonly string[];
}

describe("of a recorded failure", () => {
  it.each(readdirSync(recorded))(
    "%s: the directive that was forced is named, with the line to add",
    async name => {
      const folder = join(recorded, name);
      const expected: Expected = JSON.parse(readFileSync(join(folder, "expected.json"), "utf8"));
      const journal = readdirSync(folder).find(file => file.startsWith("journal."));
      const audit = join(folder, "audit.log");
      const done = await run([
        "explain-failure",
        expected.unit,
        "--root",
        join(folder, "root"),
        "--systemd",
        "257",
        "--arch",
        "x86-64",
        "--format",
        "json",
        "--journal",
        join(folder, journal ?? ""),
        ...(existsSync(audit) ? ["--audit", audit] : []),
      ]);
      expect(done.stderr).toBe("");
      const { failures, lines } = JSON.parse(done.stdout);
      const first = failures.flatMap((failure: { causes: { directive: string }[] }) => failure.causes)[0];
      expect({ directive: first?.directive ?? null, lines }).toEqual({
        directive: expected.directive,
        lines: expected.lines,
      });
      expect(done.code).toBe(expected.directive === null ? 0 : 1);
    },
  );
});
