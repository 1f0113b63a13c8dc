// tightunit.waivers: ini, a section `[UNIT RULE]` or `[UNIT RULE SUBJECT]` for each waiver, with reason and until.
import { unsafe } from "ini";
import type { RuleNames } from "../gate/rule-names.ts";
import { type ReadWaivers, readWaiver, type Waiver } from "../gate/waiver.ts";
import type { Diagnostic } from "../unit/tree.ts";
import { readConfigLines } from "./config-lines.ts";

/** Every complete waiver, and what is wrong with the others, each with its line. */
export function readWaiverFile(text: string, file: string, names: RuleNames): ReadWaivers {
  const { lineOf, entries, diagnostics: ofLines } = readConfigLines(text, file);
  const waivers: Waiver[] = [];
  const diagnostics: Diagnostic[] = [...ofLines];
  const sections = [...lineOf].filter(([place]) => !place.includes("\0"));
  const fieldsOf = new Map(sections.map(([section]) => [section, Object.create(null)]));
  for (const { section, key, value } of entries) {
    const fields = fieldsOf.get(section);
    if (fields !== undefined) fields[key] = String(unsafe(value));
  }
  for (const [section, line] of sections) {
    const position = { file, line, column: 1 };
    const [unit = "", rule = "", ...subject] = section.split(/\s+/);
    if (unit === "" || rule === "") {
      diagnostics.push({ code: "gate-waiver-no-unit", severity: "error", position, args: { section } });
      continue;
    }
    const fields = fieldsOf.get(section) ?? {};
    const given = subject.length === 0 ? {} : { subject: subject.join(" ") };
    const read = readWaiver({ unit, rule, position, kind: "file", fields, ...given }, names);
    waivers.push(...read.waivers);
    diagnostics.push(...read.diagnostics);
  }
  return { waivers, diagnostics };
}
