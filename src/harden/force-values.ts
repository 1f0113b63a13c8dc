// Values that somebody asks for by name, to see what they do to a service: they take the place of what evidence would choose.
import type { Directive } from "../rules/directives.ts";
import { applicableDenials } from "./applicable.ts";
import type { Candidate } from "./candidate.ts";
import { rankOf } from "./choose-ordered.ts";
import type { ForcedValue, ProposeOptions } from "./proposal.ts";
import type { ProposeInput } from "./propose-input.ts";

/** The candidates with those that are asked for and not given up yet, in the directives' order. */
export function forceValues(candidates: readonly Candidate[], input: ProposeInput): readonly Candidate[] {
  const forced = (input.options.forced ?? []).filter(each => !isGivenUp(each, input.options));
  if (forced.length === 0) return candidates;
  const made = new Map(
    forced.flatMap(each => {
      const directive = input.directives.find(({ directive: name }) => name === each.directive);
      return directive === undefined || !isStricter(directive, each.value, input)
        ? []
        : [[directive, candidateOf(directive, each.value, input)] as const];
    }),
  );
  return input.directives.flatMap(
    directive => made.get(directive) ?? candidates.find(each => each.directive === directive) ?? [],
  );
}

function isGivenUp({ directive, value }: ForcedValue, { givenUp = [], except = [] }: ProposeOptions) {
  return (
    except.includes(directive) ||
    givenUp.some(each => each.kind === "value" && each.directive === directive && each.value === value)
  );
}

/** Of values in an order only those above today's; whether a list is stricter shows when the unit is loaded with it. */
function isStricter(directive: Directive, value: string, { settings }: ProposeInput): boolean {
  if (directive.kind !== "ordered") return true;
  const rank = directive.values.findIndex(each => each.value === value);
  return rank > Math.max(0, rankOf(directive, settings.values.get(directive.directive)));
}

function candidateOf(directive: Directive, value: string, input: ProposeInput): Candidate {
  const { settings, knowledge } = input;
  const known = directive.values.find(each => each.value === value) ?? directive.values.at(-1);
  const denials = known === undefined ? [] : applicableDenials(known, settings.target, knowledge);
  const name = directive.directive;
  // systemd.exec(5): lists add to what is there, so that only a reset makes the value the whole.
  const isAddedTo = directive.kind !== "ordered" && settings.values.get(name)?.isSet === true && value !== "";
  return {
    directive,
    value,
    lines: [...(isAddedTo ? [`${name}=`] : []), `${name}=${value}`],
    reasons: denials.map(({ need }) => ({
      denied: need.replace("{}", "*"),
      because: { kind: "unknown", prior: "universal" },
    })),
    exceptions: [],
    risk: known?.risk ?? 4,
    isForced: true,
  };
}
