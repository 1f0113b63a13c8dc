// Evidence says what a program could do; what its user cannot do anyway is no need of this service.

import type { NeedVocabulary } from "../rules/needs.ts";
import { kindOf } from "./judge-denial.ts";
import type { Coverage, Need } from "./need.ts";
import { isBelow } from "./need-pattern.ts";

/**
 * Leaves out the needs that a service without privileges cannot have: capabilities and what only they allow (capabilities(7)), as
 * long as it does not execute programs that gain some, and writing where the permissions of the source let its user not write.
 * What the unit declares or a trace showed stays.
 * @param files what the file system says of writing; a claim of kind `write` there means that its paths are all
 */
export function reachableNeeds(
  needs: readonly Need[],
  files: { readonly present: readonly Need[]; readonly absent: readonly Coverage[] },
  vocabulary: NeedVocabulary,
): readonly Need[] {
  const gains = needs.some(need => need.kind === "gain-privileges" && need.prior === undefined);
  const isWriteKnown = files.absent.some(claim => claim.kind === "write");
  const writable = files.present.flatMap(need =>
    need.kind === "write" && need.subject !== undefined ? [need.subject] : [],
  );
  return needs.filter(need => {
    // A command that the unit names may hold a capability where its user has none to hold: `kill` needs one for others' processes.
    if (need.certainty === "observed" || (need.certainty === "declared" && need.kind !== "cap")) return true;
    if (kindOf(need.kind, vocabulary).when?.["not-root"] === "implausible") return gains;
    if (need.kind !== "write" || need.subject === undefined || !isWriteKnown || gains) return true;
    const { subject } = need;
    return isUnseen(subject) || writable.some(folder => isBelow(subject, folder));
  });
}

/** Paths that a source without a running system does not show: kernel file systems, and what others make below /run and /tmp. */
function isUnseen(path: string): boolean {
  return ["/dev", "/proc", "/sys", "/tmp", "/var/tmp", "/run"].some(
    folder => isBelow(path, folder) && path !== "/run",
  );
}
