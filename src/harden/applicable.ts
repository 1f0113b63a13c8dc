import type { Knowledge } from "../needs/judge-denial.ts";
import { type Denial, type DirectiveValue, isDenied } from "../rules/directives.ts";
import type { Target } from "../settings/settings.ts";

/** The denials of a value that hold for a service of this sort under the target's systemd. */
export function applicableDenials(
  value: DirectiveValue,
  target: Target,
  knowledge: Knowledge,
): readonly Denial[] {
  const sort = { scope: target.scope, version: target.version, isRoot: knowledge.isRoot };
  return value.denies.filter(denial => isDenied(denial, sort));
}
