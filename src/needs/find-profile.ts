import { isPattern, matchesPattern } from "../host/glob.ts";
import type { Profile } from "../rules/profiles.ts";
import type { Program } from "./programs.ts";

/** Patterns of one kind: most are plain names, which a map finds; the others are few. */
interface Patterns {
  readonly plain: ReadonlyMap<string, number>;
  readonly globs: readonly Glob[];
}

interface Glob {
  readonly components: readonly string[];
  readonly rank: number;
}

interface Index {
  readonly units: Patterns;
  readonly names: Patterns;
  readonly paths: Patterns;
}

/** The profiles never change while the program runs. */
const indexes = new WeakMap<readonly Profile[], Index>();

/**
 * The profile of a program: by its path or its base name, and by the unit where the program alone does not tell. A unit's pattern
 * stands for what nobody named one by one, so that it must not speak for a program that has a profile of its own.
 */
export function findProfile(
  program: Program,
  unit: string,
  profiles: readonly Profile[],
): Profile | undefined {
  const index = indexes.get(profiles) ?? indexOf(profiles);
  indexes.set(profiles, index);
  const byProgram = least(firstMatch(program.path, index.paths), firstMatch(program.name, index.names));
  const rank = byProgram ?? firstMatch(unit, index.units);
  return rank === undefined ? undefined : profiles[rank];
}

function indexOf(profiles: readonly Profile[]): Index {
  const collect = (of: (profile: Profile) => readonly string[]): Patterns => {
    const plain = new Map<string, number>();
    const globs: Glob[] = [];
    for (const [rank, profile] of profiles.entries())
      for (const pattern of of(profile)) {
        if (isPattern(pattern)) globs.push({ components: pattern.split("/"), rank });
        else if (!plain.has(pattern)) plain.set(pattern, rank);
      }
    return { plain, globs };
  };
  return {
    units: collect(({ units }) => units ?? []),
    names: collect(({ programs }) => programs.filter(pattern => !pattern.includes("/"))),
    paths: collect(({ programs }) => programs.filter(pattern => pattern.includes("/"))),
  };
}

function firstMatch(text: string, { plain, globs }: Patterns): number | undefined {
  const exact = plain.get(text);
  const names = text.split("/");
  const glob = globs.find(
    each => (exact === undefined || each.rank < exact) && matchesPath(names, each.components),
  );
  return glob?.rank ?? exact;
}

function least(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined ? other : other === undefined ? one : Math.min(one, other);
}

/** `*` stands for any run of characters within a component. */
function matchesPath(names: readonly string[], patterns: readonly string[]): boolean {
  return (
    names.length === patterns.length &&
    patterns.every((part, index) => matchesPattern(part, names[index] ?? ""))
  );
}
