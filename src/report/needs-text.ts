// What was seen of a service's needs, a line for each kind.
import type { Need } from "../needs/need.ts";
import { loadNeedVocabulary } from "../rules/needs.ts";
import { wrap } from "./columns.ts";
import { visible } from "./escape-terminal.ts";

export interface NeedsTextOptions {
  readonly columns: number;
}

/** Subjects named for one kind; JSON and the trace have them all. */
const NAMED = 40;

/** Needs grouped by kind, in the vocabulary's order, their subjects sorted. */
export function needsText(needs: readonly Need[], options: NeedsTextOptions): string {
  const width = Math.min(options.columns, 110) - 4;
  return loadNeedVocabulary()
    .kinds.flatMap(({ kind, title }) => {
      const own = needs.filter(need => need.kind === kind);
      if (own.length === 0) return [];
      const subjects = [...new Set(own.flatMap(({ subject }) => subject ?? []))].sort();
      const more = subjects.length > NAMED ? ` and ${subjects.length - NAMED} more` : "";
      const named = `${subjects.slice(0, NAMED).join(" ")}${more}`;
      return [
        `${kind}: ${title}`,
        ...(named === "" ? [] : wrap(visible(named), width).map(line => `    ${line}`)),
      ];
    })
    .map(line => `${line}\n`)
    .join("");
}
