// A proposal as reports for people have it: the drop-in before and after, and what speaks for each of its lines.
import type { Proposal, ProposedSetting } from "../harden/proposal.ts";
import type { Settings } from "../settings/settings.ts";
import { needOf, sourceOf } from "./proposal-text.ts";
import type { ReportProposal, ReportSetting } from "./report-data.ts";

/** Sources named for one line; the JSON of `fix` has them all. */
const NAMED = 6;

/** Where a drop-in belongs, as it is shown, and the file's text without and with the proposal. */
export interface ProposalPlace {
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

/** @param today what the unit is set to; @param shown how a file is named. */
export function reportProposal(
  proposal: Proposal,
  place: ProposalPlace,
  today: Pick<Settings, "touched">,
  shown: (file: string) => string = file => file,
): ReportProposal {
  const { level, before, after, settings, withheld } = proposal;
  const was = new Map(before.checks.map(check => [check.id, check.badness]));
  return {
    level,
    exposureAfter: after.exposure,
    levelAfter: after.level,
    settings: settings.map(settingOf),
    withheld: withheld.flatMap(({ directive, value, because }) =>
      because.kind === "needed" ? [{ directive, value, because: listed(because.needs.map(needOf)) }] : [],
    ),
    badnessAfter: Object.fromEntries(
      after.checks
        .filter(check => was.get(check.id) !== check.badness)
        .map(check => [check.id, check.badness]),
    ),
    today: settings
      .flatMap(each => each.lines)
      .map(line => line.slice(0, line.indexOf("=")))
      .filter((directive, index, all) => all.indexOf(directive) === index)
      .flatMap(directive => {
        const origin = today.touched.get(directive)?.origins.at(-1);
        if (origin === undefined) return [];
        const { file, line } = origin.position;
        return [{ directive, file: shown(file), line, text: `${origin.key}=${origin.value}` }];
      }),
    path: place.path,
    before: place.before,
    after: place.after,
  };
}

function settingOf(setting: ProposedSetting): ReportSetting {
  const { directive, value, lines, gain, risk, confidence, certainty, reasons, exceptions, symptom } =
    setting;
  const evidence = reasons.flatMap(({ because }) =>
    because.kind === "absent" ? because.coverage.map(each => sourceOf(each.evidence)) : [],
  );
  const unknown = reasons.flatMap(({ denied, because }) =>
    because.kind === "unknown" ? [`${denied} (${because.prior})`] : [],
  );
  return {
    directive,
    value,
    lines,
    gain,
    risk,
    confidence,
    certainty,
    evidence: limited(evidence),
    unknown: limited(unknown),
    exceptions: exceptions.slice(0, NAMED).map(({ need, line }) => ({ line, because: needOf(need) })),
    symptom,
  };
}

function limited(texts: readonly string[]): readonly string[] {
  const distinct = [...new Set(texts)];
  const rest = distinct.length - NAMED;
  return rest > 0 ? [...distinct.slice(0, NAMED), `and ${rest} more`] : distinct;
}

function listed(texts: readonly string[]): string {
  return limited(texts).join("; ");
}
