// The one place that opens the files under rules/. They belong to the program and are checked by its tests, so
// they are read without validation; what users bring goes through load-pack.ts and load-policy.ts instead.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

let found: string | undefined;

/** The folder `rules/`, beside the source or the bundle that this module became part of. */
export function rulesFolder(): string {
  if (found !== undefined) return found;
  let folder = dirname(fileURLToPath(import.meta.url));
  // src/rules/x.ts is two folders below the package's, dist/cli.cjs one.
  for (let depth = 0; depth < 4; depth++) {
    const candidate = join(folder, "rules");
    if (existsSync(join(candidate, "needs", "needs.json"))) {
      found = candidate;
      return candidate;
    }
    folder = dirname(folder);
  }
  throw new Error("The folder rules/ is missing from the installed package; install tightunit again.");
}

/**
 * A file of rule data, by its path below `rules/`.
 * `T` is the file's type by its schema; the test of the rule data holds every file to it.
 */
export function readRuleFile<T>(path: string): T {
  return JSON.parse(readFileSync(join(rulesFolder(), path), "utf8"));
}

/** Whether there is such a file; for names that a user typed. */
export function hasRuleFile(path: string): boolean {
  return existsSync(join(rulesFolder(), path));
}

/** The names of the JSON files in a folder below `rules/`, without `.json`, sorted; empty where there is no folder. */
export function listRuleFiles(folder: string): readonly string[] {
  const path = join(rulesFolder(), folder);
  if (!existsSync(path)) return [];
  return readdirSync(path)
    .filter(name => name.endsWith(".json"))
    .map(name => name.slice(0, -".json".length))
    .sort();
}
