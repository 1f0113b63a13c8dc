// What the words of the unit itself hint at: arguments of its commands and values of its environment, read as a program's texts are.

import type { FileTree } from "../host/file-tree.ts";
import { loadSymbolTable } from "../rules/evidence.ts";
import type { Settings } from "../settings/settings.ts";
import { unitVariables } from "./config/program-config.ts";
import { findStrings } from "./elf/find-strings.ts";
import { namedData } from "./named-data.ts";
import type { Evidence, Need } from "./need.ts";
import { parseNeedPattern } from "./need-pattern.ts";
import type { Program } from "./programs.ts";

/**
 * Needs that the words of command lines and environment speak of: a socket in /tmp, a device. A path is named to be used; other words
 * are no more than hints.
 */
export function wordNeeds(
  programs: readonly Program[],
  settings: Settings,
  tree: FileTree | undefined,
): readonly Need[] {
  const { values } = unitVariables(settings, tree);
  const environment: Evidence = { by: "unit", detail: "environment" };
  return [
    ...programs.flatMap(({ args, evidence }) => hints(args, evidence)),
    ...hints(values, environment),
    ...namedData(values, environment),
  ];
}

function hints(words: readonly string[], evidence: Evidence): readonly Need[] {
  if (words.length === 0) return [];
  // Each word is a text of its own, as the NUL ends one inside a program.
  const bytes = Buffer.from(`\0${words.join("\0")}\0`, "latin1");
  return findStrings(bytes, loadSymbolTable()).flatMap(({ group, text }) =>
    group.needs.map(
      (need): Need => ({
        ...parseNeedPattern(need),
        ...(text.startsWith("/")
          ? { certainty: "inferred" }
          : { certainty: "assumed", prior: group.prior ?? "common" }),
        evidence: { ...evidence, detail: `${evidence.detail}: names ${text}`.slice(0, 200) },
      }),
    ),
  );
}
