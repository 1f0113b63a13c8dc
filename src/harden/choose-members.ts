// Directives whose value is a list of what stays allowed: capabilities, address families, namespaces.

import type { Directive } from "../rules/directives.ts";
import type { Setting } from "../settings/settings.ts";
import { acceptDenial } from "./accept.ts";
import { applicableDenials } from "./applicable.ts";
import { isAvailable } from "./available.ts";
import { type Choice, type HardenContext, NO_CHOICE } from "./candidate.ts";
import type { Exception, Reason, Withheld } from "./proposal.ts";

/** What a list kind's engine has to know; one row per kind in `member-kinds.ts`. */
export interface MemberKind {
  /** Every member that today's setting leaves to the service. */
  allowed(setting: Setting | undefined, context: HardenContext): readonly string[];
  /** A member that no list names, where there are such: a list of what stays denies it as well. */
  readonly unnamed?: string;
  /** The assignments that leave just these. `setting` tells whether a reset must come first. */
  write(directive: string, allowed: readonly string[], setting: Setting | undefined): readonly string[];
}

/** Leaves out every member whose denial the level accepts. */
export function chooseMembers(directive: Directive, kind: MemberKind, context: HardenContext): Choice {
  const value = directive.values.at(-1);
  if (value === undefined || !isAvailable(directive, value, context.settings.target)) return NO_CHOICE;
  const setting = context.settings.values.get(directive.directive);
  const before = kind.allowed(setting, context);
  const kept: string[] = [];
  const reasons: Reason[] = [];
  const exceptions: Exception[] = [];
  const withheld: Withheld[] = [];
  const denials = applicableDenials(value, context.settings.target, context.knowledge);
  const judge = (member: string) =>
    denials.map(denial =>
      acceptDenial({ ...denial, need: denial.need.replace("{}", member) }, context.level, context.knowledge),
    );
  // Who needs any member at all needs those that nobody has heard of.
  const isAnyNeeded = kind.unnamed !== undefined && judge(kind.unnamed).some(({ kind }) => kind === "needed");
  for (const member of before) {
    const outcomes = judge(member);
    const obstacle = outcomes.find(outcome => outcome.kind !== "accepted");
    if (obstacle === undefined) {
      reasons.push(...outcomes.flatMap(outcome => (outcome.kind === "accepted" ? [outcome.reason] : [])));
      continue;
    }
    kept.push(member);
    if (obstacle.kind === "needed") exceptions.push(...obstacle.needs.map(need => ({ need, line: member })));
    withheld.push({
      directive: directive.directive,
      value: member,
      denied: obstacle.denied,
      because:
        obstacle.kind === "needed"
          ? { kind: "needed", needs: obstacle.needs }
          : { kind: "unknown", prior: obstacle.prior },
    });
  }
  if (kept.length === before.length || isAnyNeeded) return { withheld };
  const candidate = {
    directive,
    value: kept.length === 0 ? "none" : kept.join(" "),
    lines: kind.write(directive.directive, kept, setting),
    reasons,
    exceptions,
    risk: value.risk,
  };
  return { candidate, withheld };
}
