// An audited unit with what would tighten it, as reports for people have it.
import { kindsOf } from "../gate/unit-kinds.ts";
import type { Level } from "../harden/proposal.ts";
import type { AuditTarget } from "../host/audit-target.ts";
import type { ReportUnit } from "../report/report-data.ts";
import { type ProposalPlace, reportProposal } from "../report/report-proposal.ts";
import { reportUnit } from "../report/report-unit.ts";
import type { AuditedUnit } from "../score/audited-unit.ts";
import { type DropInProposal, proposeDropIn } from "./propose-drop-in.ts";
import { shownPath } from "./read-besides.ts";
import type { Session } from "./session.ts";

export interface CollectOptions {
  readonly session: Session;
  readonly cwd: string;
  readonly level: Level;
  readonly host?: string | undefined;
}

export function collectUnit(audited: AuditedUnit, target: AuditTarget, options: CollectOptions): ReportUnit {
  const { session, cwd, level, host } = options;
  const { unit, settings } = audited;
  const isNear = target.kind === "file" || target.kind === "folder";
  const proposed = proposeDropIn(unit, target, level, session, cwd);
  const shown = isNear ? (file: string): string => shownPath(file, cwd) : undefined;
  return reportUnit(audited, {
    speak: session.speak,
    host,
    ...(shown === undefined ? {} : { shown }),
    kinds: settings === undefined ? [] : kindsOf(unit, settings, session.context.facts),
    proposal: proposed && settings && reportProposal(proposed.proposal, placeOf(proposed), settings, shown),
  });
}

function placeOf({ file, before = "", after }: DropInProposal): ProposalPlace {
  return { path: file, before, after };
}

/** Collects units for who knows nothing of targets: the one that the unit at hand is of is told before. */
export function unitCollector(options: CollectOptions): {
  now(target: AuditTarget): void;
  collect(audited: AuditedUnit): ReportUnit;
} {
  let current: AuditTarget | undefined;
  return {
    now(target) {
      current = target;
    },
    collect(audited) {
      if (current === undefined) throw new Error("a unit came before its target");
      return collectUnit(audited, current, options);
    },
  };
}
