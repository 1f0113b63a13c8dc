import { type NeedPattern, parseNeedPattern } from "../needs/need-pattern.ts";
import type { Directive, DirectiveValue } from "../rules/directives.ts";
import type { Candidate, Choice, HardenContext } from "./candidate.ts";
import { chooseCalls } from "./choose-calls.ts";
import { chooseMask } from "./choose-mask.ts";
import { chooseMembers } from "./choose-members.ts";
import { chooseOrdered, rankOf } from "./choose-ordered.ts";
import { deniedBy, deniedToday } from "./denied-today.ts";
import { forceValues } from "./force-values.ts";
import { MEMBER_KINDS } from "./member-kinds.ts";
import type { Withheld } from "./proposal.ts";
import type { ProposeInput } from "./propose-input.ts";
import { withoutRedundant } from "./redundant.ts";

/**
 * For every directive that may be proposed, the strictest value that the needs and the level allow, in the directives' order.
 * Values that can make exceptions come late: what the others provide, such as a private /tmp, needs none. System calls come last:
 * what the others deny is no reason to allow its calls.
 */
export function choose(input: ProposeInput): {
  candidates: readonly Candidate[];
  withheld: readonly Withheld[];
} {
  const { options, settings, facts, calls, pathKind, isLasting, directives } = input;
  const knowledge = withoutDenied(input);
  const provided = [
    ...input.provided,
    ...directives.flatMap(directive => providedToday(directive, settings)),
  ];
  const context: HardenContext = {
    settings,
    knowledge,
    facts,
    calls,
    level: options.level,
    refused: [],
    pathKind,
    isLasting,
    provided,
  };
  const chosen = new Map<Directive, Candidate>();
  const withheld: Withheld[] = [];
  const turnOf = (directive: Directive) =>
    directive.kind === "syscalls" ? 2 : directive.values.some(value => value.exception !== undefined) ? 1 : 0;
  for (const directive of [...directives].sort((a, b) => turnOf(a) - turnOf(b))) {
    if (!directive.propose || isDecided(directive, settings)) continue;
    const known = directive.kind === "syscalls" ? withoutChosen(chosen, context) : context;
    const choice = chooseOne(directive, withGivenUp(directive, known, options));
    withheld.push(...choice.withheld);
    if (choice.candidate === undefined) continue;
    const by = exclusionOf(choice.candidate, options);
    if (by !== undefined) {
      withheld.push({
        directive: directive.directive,
        value: choice.candidate.value,
        denied: "",
        because: { kind: "excluded", by },
      });
      continue;
    }
    chosen.set(directive, choice.candidate);
    provided.push(...providedBy(directive.values.find(value => value.value === choice.candidate?.value)));
  }
  const candidates = directives.flatMap(directive => chosen.get(directive) ?? []);
  const passed = input.assess(settings).checks.filter(check => check.badness === 0 || check.badness === null);
  const satisfied = new Set(passed.map(check => check.id));
  const useful = withoutRedundant(candidates, settings, directives, satisfied, knowledge);
  return { candidates: forceValues(useful, input), withheld };
}

/** A unit that sets a directive to its weakest value has decided; what it asks for is a need, and half of it would be neither. */
function isDecided(directive: Directive, settings: ProposeInput["settings"]): boolean {
  const setting = settings.values.get(directive.directive);
  return directive.kind === "ordered" && setting?.isSet === true && rankOf(directive, setting) === 0;
}

/** What is known, less the needs that the values chosen so far deny. */
function withoutChosen(chosen: ReadonlyMap<Directive, Candidate>, context: HardenContext): HardenContext {
  const values = [...chosen].flatMap(([directive, candidate]) => {
    const value =
      directive.kind === "ordered"
        ? directive.values.find(each => each.value === candidate.value)
        : undefined;
    return value === undefined ? [] : [{ value, freed: [] }];
  });
  const { knowledge } = context;
  const isDenied = deniedBy(values, context.settings, knowledge);
  const present = knowledge.needs.present.filter(need => !isDenied(need));
  return { ...context, knowledge: { ...knowledge, needs: { ...knowledge.needs, present } } };
}

function providedToday(directive: Directive, settings: ProposeInput["settings"]): readonly NeedPattern[] {
  if (directive.kind !== "ordered") return [];
  return providedBy(directive.values[rankOf(directive, settings.values.get(directive.directive))]);
}

/** Effects of the form `provides:NEED`: a private /tmp is writable whatever else is read-only. */
function providedBy(value: DirectiveValue | undefined): readonly NeedPattern[] {
  return (value?.implies ?? []).flatMap(({ effect }) =>
    effect.startsWith("provides:") ? [parseNeedPattern(effect.slice("provides:".length))] : [],
  );
}

/** What a running system proved wrong of this directive: values that are not tried again, needs that speak against it alone. */
function withGivenUp(
  { directive }: Directive,
  context: HardenContext,
  { givenUp = [] }: ProposeInput["options"],
): HardenContext {
  const refused = givenUp.flatMap(each =>
    each.kind === "value" && each.directive === directive ? [each.value] : [],
  );
  const proven = givenUp.flatMap(each =>
    each.kind === "need" && each.directive === directive ? [each.need] : [],
  );
  if (refused.length === 0 && proven.length === 0) return context;
  const { knowledge } = context;
  const needs = { ...knowledge.needs, present: [...knowledge.needs.present, ...proven] };
  return { ...context, refused, knowledge: { ...knowledge, needs } };
}

function chooseOne(directive: Directive, context: HardenContext): Choice {
  if (directive.kind === "syscalls") return chooseCalls(directive, context);
  if (directive.kind === "mask") return chooseMask(directive, context);
  const members = MEMBER_KINDS[directive.kind];
  return members === undefined
    ? chooseOrdered(directive, context)
    : chooseMembers(directive, members, context);
}

/** A service does without what its settings deny already, whatever the evidence says; so no exception may win it back. */
function withoutDenied(input: ProposeInput): ProposeInput["knowledge"] {
  const { knowledge } = input;
  const isDenied = deniedToday(input.settings, input.directives, knowledge);
  return {
    ...knowledge,
    needs: { ...knowledge.needs, present: knowledge.needs.present.filter(need => !isDenied(need)) },
  };
}

function exclusionOf(
  candidate: Candidate,
  options: ProposeInput["options"],
): "only" | "except" | "max-risk" | undefined {
  const name = candidate.directive.directive;
  if (options.only !== undefined && options.only.length > 0 && !options.only.includes(name)) return "only";
  if (options.except?.includes(name)) return "except";
  if (options.maxRisk !== undefined && candidate.risk > options.maxRisk) return "max-risk";
  return undefined;
}
