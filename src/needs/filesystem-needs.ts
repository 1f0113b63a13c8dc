// Evidence 2: the file system of the source: what the service's user may write, and what its package owns.

import type { FileTree } from "../host/file-tree.ts";
import type { Settings } from "../settings/settings.ts";
import { type Account, findAccount, findGroup } from "./accounts.ts";
import { type BootFolder, bootFolders } from "./boot-folders.ts";
import type { Coverage, Evidence, Need, Needs } from "./need.ts";
import { isBelow } from "./need-pattern.ts";

/** Where services keep what they write; /usr, /boot and the kernel's file systems are no place for it. */
const PLACES = ["/var", "/srv", "/opt", "/etc", "/usr/local", "/home", "/root", "/data", "/mnt"];
/** Bounds on the walk: services own folders near the top, and an image may hold millions of files. */
const MAX_DEPTH = 5;
const MAX_ENTRIES = 40_000;

/**
 * What the file system says about writing. For a user other than root, permissions are proof: it can write below the folders
 * that are its own or its groups', and nowhere else. Root may write anywhere, so for root only the folders of the package count.
 */
export function filesystemNeeds(
  settings: Settings,
  isRoot: boolean,
  unitPath: string | undefined,
  tree: FileTree,
): Needs {
  const folders = bootFolders(tree);
  const owned = packageFolders(unitPath, tree);
  if (isRoot) return { present: owned, absent: [] };
  const account = accountOf(settings, tree);
  if (account === undefined) return { present: owned, absent: [] };
  const boot = folders
    .filter(
      folder => folder.user === account.name || account.gids.includes(findGroup(folder.group, tree) ?? -1),
    )
    .map(
      (folder): Need =>
        need("write", folder.path, {
          by: "filesystem",
          file: folder.file,
          line: folder.line,
          detail: `made at boot for ${folder.user}`,
        }),
    );
  const walk = walkWritable(account, tree);
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

function need(kind: string, subject: string, evidence: Evidence): Need {
  return { kind, subject, certainty: "inferred", evidence };
}

function accountOf(settings: Settings, tree: FileTree): Account | undefined {
  const user = settings.values.get("User")?.value;
  const name = user?.kind === "text" && user.value !== "" ? user.value : undefined;
  const account = name === undefined ? undefined : findAccount(name, tree);
  if (account === undefined) return undefined;
  const extra = ["Group", "SupplementaryGroups"].flatMap(directive => {
    const value = settings.values.get(directive)?.value;
    return value?.kind === "list"
      ? value.value
      : value?.kind === "text" && value.value !== ""
        ? [value.value]
        : [];
  });
  return { ...account, gids: [...account.gids, ...extra.flatMap(group => findGroup(group, tree) ?? [])] };
}

/** The highest folders and the single files that an account may write; complete unless a bound ended the walk. */
function walkWritable(account: Account, tree: FileTree): { needs: readonly Need[]; isComplete: boolean } {
  const needs: Need[] = [];
  let left = MAX_ENTRIES;
  const visit = (path: string, depth: number): void => {
    const stat = tree.lstat(path);
    if (stat === undefined || stat.kind === "symlink" || left-- <= 0) return;
    const isOwner = stat.uid === account.uid;
    const isWritable =
      isOwner || (account.gids.includes(stat.gid) && (stat.mode & 0o020) !== 0) || (stat.mode & 0o002) !== 0;
    // Everybody's folders with the sticky bit are /tmp by another name.
    const isShared = stat.kind === "directory" && (stat.mode & 0o1002) === 0o1002 && !isOwner;
    if (isWritable && !isShared && (stat.kind === "directory" || stat.kind === "file")) {
      needs.push(
        need("write", path, {
          by: "filesystem",
          file: path,
          detail: `the user ${account.name} may write it`,
        }),
      );
      return;
    }
    if (isShared)
      needs.push(need("write", path, { by: "filesystem", file: path, detail: "everybody may write it" }));
    if (stat.kind !== "directory" || depth >= MAX_DEPTH) return;
    for (const name of tree.readDirectory(path)) visit(`${path}/${name}`, depth + 1);
  };
  for (const place of [...PLACES, account.home].filter(
    (place, index, all) => !all.some((other, at) => at !== index && place !== other && isBelow(place, other)),
  ))
    visit(place, 0);
  return { needs, isComplete: left > 0 };
}

/** The folders below /var that the unit's package ships: its state, whoever writes it. dpkg's file lists. */
function packageFolders(unitPath: string | undefined, tree: FileTree): readonly Need[] {
  if (unitPath === undefined) return [];
  const listFile = packageListOf(unitPath, tree);
  if (listFile === undefined) return [];
  return listFile.paths
    .filter(
      path =>
        /^\/var\/(lib|cache|log|spool|mail|games|backups|www)\/[^/]+$/.test(path) &&
        tree.stat(path)?.kind === "directory",
    )
    .map(path =>
      need("write", path, {
        by: "filesystem",
        file: listFile.file,
        detail: `${path} belongs to the unit's package`,
      }),
    );
}

function packageListOf(
  unitPath: string,
  tree: FileTree,
): { file: string; paths: readonly string[] } | undefined {
  const folder = "/var/lib/dpkg/info";
  // Since the merge of /lib into /usr the list may name either.
  const spellings = [
    unitPath,
    unitPath.replace(/^\/usr\/lib\//, "/lib/"),
    unitPath.replace(/^\/lib\//, "/usr/lib/"),
  ];
  for (const name of tree.readDirectory(folder)) {
    if (!name.endsWith(".list")) continue;
    const bytes = tree.readFile(`${folder}/${name}`);
    if (bytes === undefined) continue;
    const paths = new TextDecoder().decode(bytes).split("\n");
    if (spellings.some(spelling => paths.includes(spelling))) return { file: `${folder}/${name}`, paths };
  }
  return undefined;
}
