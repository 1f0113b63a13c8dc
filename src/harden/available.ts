import type { Directive, DirectiveValue } from "../rules/directives.ts";
import type { Target } from "../settings/settings.ts";

/** Whether the target's systemd knows a value and can enforce it in the target's scope. */
export function isAvailable(directive: Directive, value: DirectiveValue, target: Target): boolean {
  // The profile may be older than the version that was asked for: only what both are known to have is written.
  const since = Math.max(directive.since, value.since ?? 0);
  return since <= target.version && (value.scopes ?? directive.scopes).includes(target.scope);
}
