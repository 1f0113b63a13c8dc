import type { Directive } from "../rules/directives.ts";
import { acceptDenial } from "./accept.ts";
import { applicableDenials } from "./applicable.ts";
import { isAvailable } from "./available.ts";
import type { Choice, HardenContext } from "./candidate.ts";
import type { Reason, Withheld } from "./proposal.ts";

/** A file mode mask: the strictest value that takes bits away only; every value is octal, later ones mask more. */
export function chooseMask(directive: Directive, context: HardenContext): Choice {
  const setting = context.settings.values.get(directive.directive);
  const today = setting?.value.kind === "number" ? setting.value.value : 0;
  const withheld: Withheld[] = [];
  for (const value of directive.values.toReversed()) {
    const mask = Number.parseInt(value.value, 8);
    // Bits that today's mask takes away must stay away.
    const combined = mask | today;
    if (combined === today || !isAvailable(directive, value, context.settings.target)) continue;
    const outcomes = applicableDenials(value, context.settings.target, context.knowledge).map(denial =>
      acceptDenial(denial, context.level, context.knowledge),
    );
    const obstacle = outcomes.find(outcome => outcome.kind !== "accepted");
    const text = combined.toString(8).padStart(4, "0");
    if (obstacle === undefined) {
      const reasons: readonly Reason[] = outcomes.flatMap(outcome =>
        outcome.kind === "accepted" ? [outcome.reason] : [],
      );
      const lines = [`${directive.directive}=${text}`];
      return {
        candidate: { directive, value: text, lines, reasons, exceptions: [], risk: value.risk },
        withheld,
      };
    }
    const because =
      obstacle.kind === "needed"
        ? { kind: "needed" as const, needs: obstacle.needs }
        : { kind: "unknown" as const, prior: obstacle.prior };
    withheld.push({ directive: directive.directive, value: text, denied: obstacle.denied, because });
  }
  return { withheld };
}
