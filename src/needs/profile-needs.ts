// Evidence 4: what rules/profiles/ knows of a program, its paths looked up in the source.

import type { FileTree } from "../host/file-tree.ts";
import { matchesPattern } from "../host/glob.ts";
import type { Condition, Profile } from "../rules/profiles.ts";
import type { Truth } from "./config/conditions.ts";
import type { Coverage, Need, Needs } from "./need.ts";
import { isBelow, type NeedPattern, parseNeedPattern } from "./need-pattern.ts";

/**
 * The needs and the coverage that a profile states. A fact that depends on configuration is one or none where `judge` can tell;
 * where it cannot, one that no stock installation has is `assumed`: the levels that bet may give it up. So is one that the
 * service does its work without, for the level that bets on everything.
 * Globs in paths stand for what the source holds.
 */
export function profileNeeds(
  profile: Profile,
  tree: FileTree | undefined,
  expand: (text: string) => string,
  judge: (conditions: readonly Condition[]) => Truth,
): Needs {
  const present = profile.needs.flatMap(entry => {
    const truth: Truth = entry.when === undefined ? { kind: "unknown" } : judge(entry.when);
    if (truth.kind === "no") return [];
    const evidence =
      truth.kind === "yes"
        ? truth.evidence
        : {
            by: "profile",
            file: profile.profile,
            detail: `${entry.because} (${entry.source})`.slice(0, 200),
          };
    // A fact of other configurations than the stock one.
    const sure =
      entry.depends !== undefined && entry.default !== true && truth.kind !== "yes"
        ? { certainty: "assumed" as const, prior: "rare" as const }
        : entry.soft === true
          ? { certainty: "assumed" as const, prior: "common" as const }
          : { certainty: "inferred" as const };
    const once = entry.once === true ? { isOnce: true as const } : {};
    return expandPaths(parseNeedPattern(expand(entry.need)), tree).map(
      (need): Need => ({ ...need, ...sure, ...once, evidence }),
    );
  });
  const absent = profile.covers.map(
    (covers): Coverage => ({
      ...parseNeedPattern(covers),
      certainty: "inferred",
      evidence: {
        by: "profile",
        file: profile.profile,
        detail: (profile.covers_source ?? `the profile of ${profile.title} lists all`).slice(0, 200),
      },
    }),
  );
  return { present, absent };
}

/** A path with a glob becomes the paths that are there, or the folder above the glob where there are none. */
function expandPaths(need: NeedPattern, tree: FileTree | undefined): readonly NeedPattern[] {
  const { kind, subject } = need;
  if (subject === undefined || !subject.startsWith("/") || !/[*?]/.test(subject)) return [need];
  // Devices come with the running kernel: what a source has in /dev says nothing.
  if (isBelow(subject, "/dev")) return [{ kind, subject: kind === "device" ? "*" : "/dev" }];
  let found = [""];
  for (const component of subject.split("/").slice(1)) {
    if (!/[*?]/.test(component)) found = found.map(path => `${path}/${component}`);
    else
      found = found.flatMap(path =>
        (tree?.readDirectory(path || "/") ?? [])
          .filter(name => matchesPattern(component, name))
          .map(name => `${path}/${name}`),
      );
  }
  if (found.length > 0) return found.map(path => ({ kind, subject: path }));
  const above = subject.slice(0, subject.search(/\/[^/]*[*?]/));
  return [{ kind, subject: above === "" ? "/" : above }];
}
