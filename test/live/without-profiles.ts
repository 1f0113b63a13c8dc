/** A copy of the built program that knows no daemon by name: what evidence finds out about one that nobody has described. */
import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repositoryRoot } from "./harness/paths.ts";

/** The folder of the copy; it goes when this process does. */
export const copyWithoutProfiles = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "tightunit-no-profiles-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  for (const name of ["bin", "dist", "rules", "package.json"])
    cpSync(join(repositoryRoot(), name), join(folder, name), {
      recursive: true,
      filter: source => !/\/rules\/profiles\/[^/]+\.json$/.test(source),
    });
  symlinkSync(join(repositoryRoot(), "node_modules"), join(folder, "node_modules"));
  return folder;
};
