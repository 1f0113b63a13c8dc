// Evidence says what a program could do; what its user cannot do anyway is no need of this service.

import type { NeedVocabulary } from "../rules/needs.ts";
import { ambientLine } from "../settings/run-identity.ts";
import type { Settings } from "../settings/settings.ts";
import { kindOf } from "./judge-denial.ts";
import type { Coverage, Evidence, Need } from "./need.ts";
import { isBelow, type NeedPattern } from "./need-pattern.ts";

/**
 * Leaves out the needs that a service without privileges cannot have: capabilities and what only they allow (capabilities(7)), as
 * long as it does not execute programs that gain some, and writing where the permissions of the source let its user not write.
 * What the unit declares or a trace showed stays.
 * @param held the capabilities that the unit gives it all the same
 * @param files what the file system says of writing; a claim of kind `write` there means that its paths are all
 */
export function reachableNeeds(
  needs: readonly Need[],
  files: { readonly present: readonly Need[]; readonly absent: readonly Coverage[] },
  vocabulary: NeedVocabulary,
  held: readonly string[],
): readonly Need[] {
  const gains = needs.some(need => need.kind === "gain-privileges" && need.prior === undefined);
  const isWriteKnown = files.absent.some(claim => claim.kind === "write");
  const writable = files.present.flatMap(need =>
    need.kind === "write" && need.subject !== undefined ? [need.subject] : [],
  );
  return needs.filter(need => {
    // A command that the unit names may hold a capability where its user has none to hold: `kill` needs one for others' processes.
    if (need.certainty === "observed" || (need.certainty === "declared" && need.kind !== "cap")) return true;
    if (kindOf(need.kind, vocabulary).when?.["not-root"] === "implausible")
      return gains || isHeld(need, vocabulary, held);
    if (need.kind !== "write" || need.subject === undefined || !isWriteKnown || gains) return true;
    const { subject } = need;
    return isUnseen(subject) || writable.some(folder => isBelow(subject, folder));
  });
}

/**
 * Of a user with some capabilities in hand it is known that it has no other, nor what takes others, as long as it executes nothing
 * that gives some.
 * @param names every capability
 */
export function unheld(
  settings: Settings,
  present: readonly Need[],
  held: readonly string[],
  names: readonly string[],
  vocabulary: NeedVocabulary,
): readonly Coverage[] {
  if (present.some(need => need.kind === "gain-privileges" && need.prior === undefined)) return [];
  const origin = ambientLine(settings);
  const evidence: Evidence = {
    by: "unit",
    ...(origin === undefined ? {} : { file: origin.position.file, line: origin.position.line }),
    detail: `under its user the service has ${held.join(" ")} and no more`.slice(0, 200),
  };
  const kinds = vocabulary.kinds
    .filter(({ kind, when }) => kind !== "cap" && when?.["not-root"] === "implausible")
    .map(({ kind }) => ({ kind }));
  return [...names.map(subject => ({ kind: "cap", subject })), ...kinds]
    .filter(pattern => !isHeld(pattern, vocabulary, held))
    .map((pattern): Coverage => ({ ...pattern, certainty: "declared", evidence }));
}

/** Whether the capabilities in hand are all that a need of this kind takes. */
function isHeld(need: NeedPattern, { implications }: NeedVocabulary, held: readonly string[]): boolean {
  if (need.kind === "cap") return need.subject !== undefined && held.includes(need.subject);
  const taken = implications
    .filter(implication => implication.need === need.kind)
    .flatMap(({ then }) =>
      then.flatMap(each => (each.startsWith("cap:") ? [each.slice("cap:".length)] : [])),
    );
  return taken.length > 0 && taken.every(capability => held.includes(capability));
}

/** Paths that a source without a running system does not show: kernel file systems, and what others make below /run and /tmp. */
function isUnseen(path: string): boolean {
  return ["/dev", "/proc", "/sys", "/tmp", "/var/tmp", "/run"].some(
    folder => isBelow(path, folder) && path !== "/run",
  );
}
