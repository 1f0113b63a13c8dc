// SystemCallFilter= made of systemd's own sets plus single names, so that it survives upgrades of libc and kernel.

import type { Need } from "../needs/need.ts";
import type { Directive, DirectiveValue } from "../rules/directives.ts";
import type { CallSets } from "../settings/call-sets.ts";
import type { Setting } from "../settings/settings.ts";
import { acceptDenial, acceptPattern } from "./accept.ts";
import { applicableDenials } from "./applicable.ts";
import { isAvailable } from "./available.ts";
import { type Choice, type HardenContext, NO_CHOICE } from "./candidate.ts";
import type { Exception, Reason, Withheld } from "./proposal.ts";
import { writeAllowList, writeDenyList } from "./write-calls.ts";

/** What an allow list starts from where a unit has none: systemd.exec(5), "System Call Filtering", recommends it for services. */
const BASE = "@system-service";

/** An allow list of more words than these allows nearly everything, and nobody can read it: what is denied says more. */
const MAX_WORDS = 16;

function wordsOf(lines: readonly string[]): number {
  return lines.flatMap(line => line.split(/\s+/)).length;
}

/** What of today's calls stays, and why the rest may go. */
interface Split {
  readonly kept: ReadonlySet<string>;
  readonly reasons: readonly Reason[];
  readonly exceptions: readonly Exception[];
  readonly withheld: readonly Withheld[];
}

/**
 * Chooses the filter: an allow list where the level trusts the service to do without everything outside
 * `@system-service` that it does not need; otherwise a list of the sets that no service plausibly needs.
 */
export function chooseCalls(directive: Directive, context: HardenContext): Choice {
  const value = directive.values.at(-1);
  if (value === undefined || !isAvailable(directive, value, context.settings.target)) return NO_CHOICE;
  const obstacle = besidesCalls(directive, value, context);
  if (obstacle !== undefined) return { withheld: [obstacle] };
  const { calls } = context;
  const setting = context.settings.values.get(directive.directive);
  const today = allowedToday(setting, calls);
  const split = splitCalls(directive, today, context);
  const base = new Set(calls.callsOf(BASE));
  const isAllowList = setting?.value.kind === "syscalls" && setting.value.mode === "allow";
  const needed = neededCalls(context);
  const isTrusted = [...today].every(call => base.has(call) || !split.kept.has(call) || needed.has(call));
  const allowed = writeAllowList(
    directive.directive,
    BASE,
    today,
    split.kept,
    calls,
    setting?.isSet === true,
  );
  const errno = errnoOfBets(directive, context);
  const isDenied = isAllowList || errno !== undefined || !isTrusted || wordsOf(allowed) > MAX_WORDS;
  const lines =
    errno !== undefined
      ? withAnsweredBets(directive, today, split.kept, errno, context)
      : isDenied
        ? writeDenyList(directive.directive, today, split.kept, calls)
        : allowed;
  if (lines.length === 0) return { withheld: split.withheld };
  // A filter that the unit already has keeps its own answer to a denied call; a new one must not kill the service.
  const companions = setting?.isSet ? [] : (directive.companions ?? []).filter(line => !isSet(line, context));
  const candidate = {
    directive,
    value: lines
      .map(line => line.slice(directive.directive.length + 1))
      .filter(text => text !== "")
      .join(" "),
    lines: [...lines, ...companions],
    reasons: split.reasons,
    exceptions: split.exceptions,
    risk: value.risk,
  };
  return { candidate, withheld: split.withheld };
}

/**
 * Where the unit has a filter that kills, a lost bet on a call would be the end of the service: what is denied beyond the
 * unit's own list then has an error of its own. systemd.exec(5), SystemCallFilter=: `~NAME:ERRNO`.
 */
function errnoOfBets(directive: Directive, context: HardenContext): string | undefined {
  if (context.level === "safe" || context.settings.values.get(directive.directive)?.isSet !== true)
    return undefined;
  const companion = (directive.companions ?? []).find(line => !isSet(line, context));
  return companion?.slice(companion.indexOf("=") + 1);
}

/** What goes without a bet is denied as the unit's filter does; what a level bets against is answered with an error. */
function withAnsweredBets(
  directive: Directive,
  today: ReadonlySet<string>,
  kept: ReadonlySet<string>,
  errno: string,
  context: HardenContext,
): readonly string[] {
  const { calls } = context;
  const surely = splitCalls(directive, today, { ...context, level: "safe" }).kept;
  const rest = new Set([...today].filter(call => surely.has(call)));
  const bets = writeDenyList(
    directive.directive,
    rest,
    new Set([...kept, ...(directive.unanswered ?? [])]),
    calls,
    errno,
  );
  const words = bets.flatMap(line => line.slice(line.indexOf("~") + 1).split(" "));
  const answered = new Set(words.flatMap(word => calls.callsOf(word.slice(0, word.indexOf(":")))));
  const without = (group: ReadonlySet<string>) => new Set([...group].filter(call => !answered.has(call)));
  // Before the bets: of a call in both the last line counts.
  return [...writeDenyList(directive.directive, without(today), without(surely), calls), ...bets];
}

/** What stands in the way of any filter at all: before systemd 255 it brings NoNewPrivileges= along for all but root. */
function besidesCalls(
  directive: Directive,
  value: DirectiveValue,
  context: HardenContext,
): Withheld | undefined {
  for (const denial of applicableDenials(value, context.settings.target, context.knowledge)) {
    if (denial.need.endsWith(":{}")) continue;
    const outcome = acceptDenial(denial, context.level, context.knowledge);
    if (outcome.kind === "accepted") continue;
    const because =
      outcome.kind === "needed"
        ? { kind: "needed" as const, needs: outcome.needs }
        : { kind: "unknown" as const, prior: outcome.prior };
    return { directive: directive.directive, value: value.value, denied: outcome.denied, because };
  }
  return undefined;
}

function isSet(assignment: string, context: HardenContext): boolean {
  return context.settings.values.get(assignment.slice(0, assignment.indexOf("=")))?.isSet === true;
}

function allowedToday(setting: Setting | undefined, calls: CallSets): ReadonlySet<string> {
  if (setting?.value.kind !== "syscalls") return new Set(calls.all);
  const { mode, names } = setting.value;
  return new Set(calls.all.filter(call => (mode === "allow" ? names.get(call) === null : !names.has(call))));
}

/** Judges every call on its own; reasons and obstacles are told by set, since nobody reads three hundred names. */
function splitCalls(directive: Directive, today: ReadonlySet<string>, context: HardenContext): Split {
  const { calls } = context;
  const kept = new Set<string>(calls.callsOf("@default").filter(call => today.has(call)));
  const reasons: Reason[] = [];
  const withheld: Withheld[] = [];
  const needs = new Map<Need, string>();
  for (const call of today) {
    if (kept.has(call)) continue;
    const outcome = acceptPattern({ kind: "syscall", subject: call }, [], context.level, context.knowledge);
    if (outcome.kind === "accepted") continue;
    kept.add(call);
    if (outcome.kind !== "needed") continue;
    for (const sibling of calls.siblingsOf(call)) if (today.has(sibling)) kept.add(sibling);
    for (const need of outcome.needs) if (!needs.has(need)) needs.set(need, call);
  }
  for (const set of calls.sets) {
    const members = calls.callsOf(set).filter(call => today.has(call));
    if (members.length === 0 || set === "@default") continue;
    const outcome = acceptDenial({ need: `syscall:${set}` }, context.level, context.knowledge);
    if (outcome.kind === "accepted") reasons.push(outcome.reason);
    else {
      const because =
        outcome.kind === "needed"
          ? { kind: "needed" as const, needs: outcome.needs }
          : { kind: "unknown" as const, prior: outcome.prior };
      withheld.push({ directive: directive.directive, value: `~${set}`, denied: outcome.denied, because });
    }
  }
  const exceptions = [...needs].map(([need, call]) => ({ need, line: call }));
  return { kept, reasons, exceptions, withheld };
}

/** Every call that is needed, and what may stand in for it. */
function neededCalls({ knowledge, calls }: HardenContext): ReadonlySet<string> {
  const needed = new Set<string>();
  for (const { kind, subject } of knowledge.needs.present) {
    if (kind !== "syscall") continue;
    for (const name of calls.callsOf(subject ?? "*")) {
      needed.add(name);
      for (const sibling of calls.siblingsOf(name)) needed.add(sibling);
    }
  }
  return needed;
}
