// compare: two sets of units → what got better or worse, unit by unit, with the lines that did it.
import { compareUnits } from "../../gate/compare.ts";
import type { FindContext } from "../../gate/find-context.ts";
import { emptyPolicy } from "../../gate/policy.ts";
import { compareMarkdown } from "../../report/compare-markdown.ts";
import { compareText } from "../../report/compare-text.ts";
import { jsonText } from "../../report/formats/json-text.ts";
import { compareSide } from "../compare-side.ts";
import { EXIT } from "../failure.ts";
import { listedTypes } from "../listed-types.ts";
import type { CompareOptions } from "../options.ts";
import { openSession } from "../session.ts";
import type { Terminal } from "../terminal.ts";

/** @returns 0; 1 where a unit got worse; 3 where neither side has units. */
export async function compare(options: CompareOptions, terminal: Terminal): Promise<number> {
  const [old = "", now = ""] = options.units;
  // Both sides are read for one systemd: a difference is the units' own.
  const session = await openSession({ ...options, units: [], root: undefined }, terminal);
  const context: FindContext = {
    audit: session.context,
    policy: emptyPolicy,
    demands: new Map(),
    packs: [],
  };
  const side = {
    scope: options.user === true ? ("user" as const) : ("system" as const),
    workingFolder: terminal.cwd,
    readStandardInput: terminal.readInput,
    listed: listedTypes(options.type),
  };
  const before = await compareSide(old, context, side);
  const after = await compareSide(now, context, side);
  if (before.length + after.length === 0) {
    terminal.warn("tightunit: there are no units on either side");
    return EXIT.nothing;
  }
  const comparison = compareUnits(before, after);
  if (options.format === "json")
    await terminal.write(`${jsonText({ ...session.head, schemaVersion: 1, ...comparison })}\n`);
  else if (options.format === "markdown") await terminal.write(compareMarkdown(comparison));
  else await terminal.write(compareText(comparison, session.paint));
  return comparison.summary.worse > 0 ? EXIT.findings : EXIT.fine;
}
