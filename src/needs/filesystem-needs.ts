// Evidence 2: the file system of the source: what the service's user may write, and what its package owns.

import type { FileTree } from "../host/file-tree.ts";
import { runIdentity } from "../settings/run-identity.ts";
import type { Settings } from "../settings/settings.ts";
import { type Account, findAccount, findGroup } from "./accounts.ts";
import { type BootFolder, bootFolders } from "./boot-folders.ts";
import type { Coverage, Evidence, Need, Needs } from "./need.ts";
import { isBelow } from "./need-pattern.ts";
import { packageNeeds } from "./package-needs.ts";
import { writablePaths } from "./writable-paths.ts";

/**
 * What the file system says about writing. For a user other than root, permissions are proof: it can write below the folders
 * that are its own or its groups', and nowhere else. Root may write anywhere, so for root the folders of the package count, and
 * what the users may write that it becomes.
 * @param workers users that a service of root changes to
 */
export function filesystemNeeds(
  settings: Settings,
  isRoot: boolean,
  unitPath: string | undefined,
  tree: FileTree,
  workers: readonly string[] = [],
): Needs {
  const owned = packageNeeds(unitPath, tree);
  if (isRoot)
    return { present: [...owned, ...workers.flatMap(worker => workerNeeds(worker, tree))], absent: [] };
  const account = accountOf(settings, tree);
  if (account === undefined) return { present: owned, absent: [] };
  const boot = madeAtBoot(account, tree);
  const walk = writablePaths(account, tree);
  const evidence: Evidence = {
    by: "filesystem",
    file: "/etc/passwd",
    detail: `the user ${account.name} may write nowhere else`,
  };
  const absent: readonly Coverage[] = walk.isComplete
    ? [{ kind: "write", certainty: "inferred", evidence }]
    : [];
  return {
    present: [
      ...boot,
      ...walk.needs,
      ...owned.filter(entry => walk.needs.some(other => isBelow(entry.subject ?? "", other.subject ?? ""))),
    ],
    absent,
  };
}

/** What a user may write that a service of root becomes: its own folders, not those that are everybody's. */
function workerNeeds(user: string, tree: FileTree): readonly Need[] {
  const account = findAccount(user, tree);
  if (account === undefined || account.uid === 0) return [];
  const { needs } = writablePaths(account, tree);
  return [
    ...madeAtBoot(account, tree),
    ...needs.filter(entry => ((tree.lstat(entry.subject ?? "/")?.mode ?? 0) & 0o1000) === 0),
  ];
}

/** The folders that tmpfiles.d makes for a user or its groups. */
function madeAtBoot(account: Account, tree: FileTree): readonly Need[] {
  return bootFolders(tree)
    .filter(
      folder => folder.user === account.name || account.gids.includes(findGroup(folder.group, tree) ?? -1),
    )
    .map(
      (folder): Need => ({
        kind: "write",
        subject: folder.path,
        certainty: "inferred",
        evidence: {
          by: "filesystem",
          file: folder.file,
          line: folder.line,
          detail: `made at boot for ${folder.user}`,
        },
      }),
    );
}

/** Whether a path is there when the service starts; what lies in volatile folders is, if tmpfiles.d makes it. */
export function pathKindAtStart(
  tree: FileTree,
  provided: readonly string[],
): (path: string) => "file" | "directory" | "missing" {
  let made: readonly BootFolder[] | undefined;
  return path => {
    if (provided.includes(path)) return "directory";
    if (["/run", "/tmp", "/var/tmp", "/dev/shm"].some(folder => path !== folder && isBelow(path, folder))) {
      made ??= bootFolders(tree);
      return made.some(folder => folder.path === path) ? "directory" : "missing";
    }
    const kind = tree.stat(path)?.kind;
    return kind === "directory" ? "directory" : kind === undefined ? "missing" : "file";
  };
}

function accountOf(settings: Settings, tree: FileTree): Account | undefined {
  const { user, groups } = runIdentity(settings);
  const account = user === undefined ? undefined : findAccount(user, tree);
  if (account === undefined) return undefined;
  return { ...account, gids: [...account.gids, ...groups.flatMap(group => findGroup(group, tree) ?? [])] };
}
