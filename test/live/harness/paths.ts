/** Where the harness finds the repository and keeps what it may throw away. */
import { existsSync, mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of package.json, found upwards: this file runs from test/live/ and from a bundle. */
export const repositoryRoot = (): string => {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "package.json"))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error("the repository's package.json was not found");
    folder = parent;
  }
  return folder;
};

/** A script of the harness, for `sh`. */
export const harnessScript = (name: string): string =>
  join(repositoryRoot(), "test", "live", "harness", name);

/** Cached roots and running boots; outside the repository, created when missing, for root only. */
export const cacheFolder = (): string => {
  const base = process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache");
  const folder = join(base, "tightunit-live");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
};
