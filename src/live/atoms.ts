// A proposal in the smallest parts that can be given up one by one: a directive's value, or one member of its list.

import type { GivenUp, Proposal, ProposedSetting, ProposeOptions } from "../harden/proposal.ts";
import { parseNeedPattern } from "../needs/need-pattern.ts";
import type { Directive } from "../rules/directives.ts";
import { acceptanceOdds } from "./odds.ts";

export interface Atom {
  /** Unique within a proposal, and the same in the next one. */
  readonly key: string;
  readonly directive: string;
  /** What is denied, as rule data says it; absent for a directive as a whole. */
  readonly denied?: string;
  /** What the whole value denies; for one member just that. */
  readonly denies: readonly string[];
  /** `value`: of an ordered directive; `member`: of a list; `rest`: whatever the list denies besides its named members. */
  readonly kind: "value" | "member" | "rest";
  readonly value: string;
  /** How likely it is, of all atoms and before anything was tried, to break the service; any positive scale. */
  readonly odds: number;
}

/** The kinds whose reasons name members that can be given back one by one. */
const LISTS: readonly Directive["kind"][] = ["capabilities", "families", "namespaces", "syscalls", "mask"];

/** The atoms of a proposal. @param kindOf the kind of a directive, from rule data */
export function atomsOf(
  proposal: Proposal,
  kindOf: (directive: string) => Directive["kind"] | undefined,
): readonly Atom[] {
  return proposal.settings.flatMap(setting => {
    const kind = setting.isForced === true ? undefined : kindOf(setting.directive);
    return kind !== undefined && LISTS.includes(kind) ? memberAtoms(setting, kind) : [valueAtom(setting)];
  });
}

function valueAtom(setting: ProposedSetting): Atom {
  const { directive, value, reasons, risk } = setting;
  const denies = reasons.map(reason => reason.denied);
  const odds = Math.max(0, ...reasons.map(acceptanceOdds)) * (1 + risk);
  return { key: `${directive}=${value}`, directive, kind: "value", value, denies, odds };
}

function memberAtoms(setting: ProposedSetting, kind: Directive["kind"]): readonly Atom[] {
  const { directive, value, reasons, risk } = setting;
  const byDenied = new Map(reasons.map(reason => [reason.denied, reason]));
  const members = [...byDenied].map(
    ([denied, reason]): Atom => ({
      key: `${directive}~${denied}`,
      directive,
      kind: "member",
      value,
      denied,
      denies: [denied],
      odds: (acceptanceOdds(reason) * (1 + risk)) / 2,
    }),
  );
  // A filter of calls also denies calls of sets that it denies only in part, which no reason names.
  const rest: Atom = {
    // A list of what is denied and one of what is allowed are not the same, though the directive is.
    key: value.startsWith("~") ? `${directive}~` : directive,
    directive,
    kind: "rest",
    value,
    denies: [...byDenied.keys()],
    odds: 0.1,
  };
  return kind === "syscalls" || members.length === 0 ? [rest, ...members] : members;
}

/** A list of calls cannot take one value of it back: the directive goes as a whole. */
const WHOLE = "*";

/** What is proposed without these atoms. Directives of which the value is left out are left out as a whole. */
export function optionsWithout(
  omitted: readonly Atom[],
  wanted: ProposeOptions,
  givenUp: readonly GivenUp[],
): ProposeOptions {
  const gone = givenUp.flatMap(each =>
    each.kind === "value" && each.value === WHOLE ? [each.directive] : [],
  );
  const whole = omitted.flatMap(atom => (atom.kind === "member" ? [] : [atom.directive]));
  const members = omitted.flatMap(atom =>
    atom.kind === "member" ? [concede(atom, "left out of a trial")] : [],
  );
  return {
    ...wanted,
    except: [...(wanted.except ?? []), ...gone, ...whole],
    givenUp: [...givenUp, ...members],
  };
}

/** An atom as something to give up for good: the value alone, so that a weaker one may take its place. */
export function concede(atom: Atom, detail: string): GivenUp {
  const { directive, denied, value } = atom;
  if (denied === undefined) return { kind: "value", directive, value: atom.kind === "rest" ? WHOLE : value };
  const evidence = { by: "trial", detail: detail.slice(0, 200) };
  return {
    kind: "need",
    need: { ...parseNeedPattern(denied), certainty: "observed", evidence },
    directive,
  };
}
