import type { Directive } from "../rules/directives.ts";
import { acceptDenial } from "./accept.ts";
import { applicableDenials } from "./applicable.ts";
import { isAvailable } from "./available.ts";
import type { Choice, HardenContext } from "./candidate.ts";
import type { Reason, Withheld } from "./proposal.ts";

/** A file mode mask: today's bits and, of the directive's values, every one whose denials the level accepts. Values are octal. */
export function chooseMask(directive: Directive, context: HardenContext): Choice {
  const setting = context.settings.values.get(directive.directive);
  const today = setting?.value.kind === "number" ? setting.value.value : 0;
  let mask = today;
  let risk = 0;
  const reasons: Reason[] = [];
  const withheld: Withheld[] = [];
  for (const value of directive.values) {
    const bits = Number.parseInt(value.value, 8);
    if ((today & bits) === bits || !isAvailable(directive, value, context.settings.target)) continue;
    const denials = applicableDenials(value, context.settings.target, context.knowledge);
    const outcomes = denials.map(denial => acceptDenial(denial, context.level, context.knowledge));
    const obstacle = outcomes.find(outcome => outcome.kind !== "accepted");
    if (obstacle === undefined) {
      mask |= bits;
      risk = Math.max(risk, value.risk);
      reasons.push(...outcomes.flatMap(outcome => (outcome.kind === "accepted" ? [outcome.reason] : [])));
      continue;
    }
    const because =
      obstacle.kind === "needed"
        ? { kind: "needed" as const, needs: obstacle.needs }
        : { kind: "unknown" as const, prior: obstacle.prior };
    withheld.push({
      directive: directive.directive,
      value: octal(today | bits),
      denied: obstacle.denied,
      because,
    });
  }
  if (mask === today) return { withheld };
  const value = octal(mask);
  const lines = [`${directive.directive}=${value}`];
  return { candidate: { directive, value, lines, reasons, exceptions: [], risk }, withheld };
}

function octal(mask: number): string {
  return mask.toString(8).padStart(4, "0");
}
