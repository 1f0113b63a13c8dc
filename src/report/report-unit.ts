// One audited unit as reports for people have it; small enough to keep thousands of them.

import { gateName } from "../gate/unit-findings.ts";
import type { CheckResult } from "../score/assessment.ts";
import type { AuditedUnit } from "../score/audited-unit.ts";
import type { Diagnostic } from "../unit/tree.ts";
import type { Speak } from "./messages.ts";
import type { ReportCheck, ReportFinding, ReportProposal, ReportUnit } from "./report-data.ts";

export interface ReportUnitOptions {
  readonly speak: Speak;
  /** How a file is named: relative to the working folder, inside a repository … */
  readonly shown?: (file: string) => string;
  readonly host?: string | undefined;
  /** From `kindsOf`. */
  readonly kinds?: readonly string[];
  readonly proposal?: ReportProposal | undefined;
}

/** The unit is named as the gate names it, so that findings and changes find their unit. */
export function reportUnit(audited: AuditedUnit, options: ReportUnitOptions): ReportUnit {
  const { unit, assessment, reason } = audited;
  const { speak, shown = same, host, kinds = [], proposal } = options;
  const files = [...(unit.path === undefined ? [] : [unit.path]), ...unit.dropIns.map(each => each.path)];
  return {
    name: gateName(audited),
    ...(host === undefined ? {} : { host }),
    path: unit.path === undefined ? null : shown(unit.path),
    files: files.map(shown),
    status: audited.status,
    ...(reason === undefined ? {} : { message: speak(reason) }),
    exposure: assessment?.exposure ?? null,
    level: assessment?.level ?? null,
    kinds,
    checks: (assessment?.checks ?? []).map(check => checkOf(check, audited, shown)),
    findings: (reason === undefined ? audited.findings : [reason, ...audited.findings]).map(each =>
      findingOf(each, speak, shown),
    ),
    ...(proposal === undefined ? {} : { proposal }),
  };
}

function same(file: string): string {
  return file;
}

function checkOf(check: CheckResult, audited: AuditedUnit, shown: (file: string) => string): ReportCheck {
  const setting = audited.settings?.touched.get(check.directive);
  const origin = setting?.origins.at(-1);
  const impliedBy = setting?.impliedBy ?? [];
  // What a unit says nothing about is the same object in every unit, and stays so.
  if (origin === undefined && impliedBy.length === 0) return check;
  return {
    ...check,
    ...(origin === undefined
      ? {}
      : {
          line: {
            file: shown(origin.position.file),
            line: origin.position.line,
            text: `${origin.key}=${origin.value}`,
          },
        }),
    ...(impliedBy.length === 0 ? {} : { impliedBy }),
  };
}

function findingOf(diagnostic: Diagnostic, speak: Speak, shown: (file: string) => string): ReportFinding {
  const { code, severity, position } = diagnostic;
  const base = { code, severity, message: speak(diagnostic) };
  if (position === undefined) return base;
  return { ...base, file: shown(position.file), line: position.line, column: position.column };
}
