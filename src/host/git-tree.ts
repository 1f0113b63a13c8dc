// A revision of a git repository, seen as a file system: its unit files, drop-ins and links, straight from the object
// database. Nothing is checked out, and no filter, hook or attribute of the repository is run: `ls-tree` names the blobs
// and `cat-file` gives their bytes as they are.
import { spawn } from "node:child_process";
import { isAbsolute, relative, resolve } from "node:path";
import { parseUnitName } from "../unit/unit-name.ts";
import type { FileTree } from "./file-tree.ts";
import { type MemoryEntry, memoryTree } from "./memory-tree.ts";
import { SourceError } from "./source-error.ts";

export interface GitTree {
  /** Rooted at the top of the repository. */
  readonly tree: FileTree;
  /** The top of the repository on this machine. */
  readonly top: string;
  /** The full name of the commit. */
  readonly commit: string;
}

/** Units and drop-ins are small; a blob above this is neither. */
const LARGEST_BLOB = 1 << 20;
const LARGEST_LIST = 256 << 20;
const LARGEST_CONTENT = 64 << 20;
const TIME_LIMIT = 60_000;

/** What a revision may look like: no option (`-x`), no path (`HEAD:x`), no range, nothing that git would search for. */
const REVISION = /^(?!.*(?:\.\.|\{\/))[\p{L}\p{N}_@][\p{L}\p{N}_./@~^{}+-]{0,249}$/u;

/** Whether a text could be a revision at all. */
export function isRevisionName(text: string): boolean {
  return REVISION.test(text);
}

/** The top of the repository that a folder is in; `undefined` where it is in none. @throws {SourceError} `git-missing`. */
export async function repositoryTop(folder: string): Promise<string | undefined> {
  const { code, output } = await git(folder, ["rev-parse", "--show-toplevel"], 1 << 16);
  return code === 0 ? output.toString("utf8").replace(/\n$/, "") : undefined;
}

/** Whether the repository of a folder has a revision of this name. */
export async function hasRevision(folder: string, revision: string): Promise<boolean> {
  return isRevisionName(revision) && (await commitOf(folder, revision)) !== undefined;
}

/**
 * @param folder anywhere in the repository.
 * @throws {SourceError} `git-missing`, `git-bad-revision`, `git-no-repository`, `git-no-revision`, `git-failed`.
 */
export async function gitTree(folder: string, revision: string): Promise<GitTree> {
  if (!isRevisionName(revision)) throw new SourceError("git-bad-revision", { revision });
  const top = await repositoryTop(folder);
  if (top === undefined) throw new SourceError("git-no-repository", { folder });
  const commit = await commitOf(folder, revision);
  if (commit === undefined) throw new SourceError("git-no-revision", { revision, folder });
  const listed = await git(top, ["ls-tree", "-r", "-z", "-l", "--full-tree", commit], LARGEST_LIST);
  if (listed.code !== 0) throw new SourceError("git-failed", { revision, reason: listed.errors });
  const blobs = [...blobsOf(listed.output)];
  const wanted = blobs.filter(each => each.size <= LARGEST_BLOB).map(each => each.id);
  const asked = await git(top, ["cat-file", "--batch"], LARGEST_CONTENT, `${wanted.join("\n")}\n`);
  if (asked.code !== 0) throw new SourceError("git-failed", { revision, reason: asked.errors });
  const contents = contentsOf(asked.output);
  const entries = blobs.map(({ path, id, isLink, size }): readonly [string, MemoryEntry] => {
    const content = contents.get(id);
    if (content === undefined) return [path, { withheld: "larger than 1 MiB", size }];
    return [path, isLink ? { link: content.toString("utf8") } : new Uint8Array(content)];
  });
  return { tree: memoryTree(entries, revision), top, commit };
}

/** A path of this machine as the tree of the repository has it; `undefined` outside of the repository. */
export function pathInRepository(top: string, path: string): string | undefined {
  const inside = relative(top, resolve(path));
  return inside.startsWith("..") || isAbsolute(inside) ? undefined : `/${inside}`.replace(/\/$/, "") || "/";
}

async function commitOf(folder: string, revision: string): Promise<string | undefined> {
  const args = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`];
  const { code, output } = await git(folder, args, 1 << 16);
  const name = output.toString("latin1").trim();
  return code === 0 && /^[0-9a-f]{40,64}$/.test(name) ? name : undefined;
}

interface Blob {
  readonly path: string;
  readonly id: string;
  readonly size: number;
  readonly isLink: boolean;
}

/** Lines of `ls-tree -r -z -l`: mode, type, id, size, a tab, the path. Only what a unit can be made of is kept. */
function* blobsOf(listing: Buffer): Generator<Blob> {
  for (const line of listing.toString("utf8").split("\0")) {
    const [, mode = "", id = "", size = "", path = ""] =
      /^(\d{6}) blob ([0-9a-f]+) +(\d+)\t(.*)$/s.exec(line) ?? [];
    if (path === "" || !isOfUnits(path, mode === "120000")) continue;
    yield { path, id, size: Number(size), isLink: mode === "120000" };
  }
}

function isOfUnits(path: string, isLink: boolean): boolean {
  const parts = path.split("/");
  if (isLink || parseUnitName(parts.at(-1) ?? "") !== undefined) return true;
  // Whatever lies in a folder of drop-ins, stray files among it.
  return parts.at(-2)?.endsWith(".d") === true;
}

/** The output of `cat-file --batch`: `ID blob SIZE`, the bytes, a line end; by id. */
function contentsOf(output: Buffer): ReadonlyMap<string, Buffer> {
  const contents = new Map<string, Buffer>();
  for (let at = 0; at < output.length; ) {
    const end = output.indexOf(10, at);
    if (end < 0) break;
    const [, id, size] = /^([0-9a-f]+) blob (\d+)$/.exec(output.toString("latin1", at, end)) ?? [];
    if (id === undefined) {
      at = end + 1;
      continue;
    }
    contents.set(id, output.subarray(end + 1, end + 1 + Number(size)));
    at = end + 2 + Number(size);
  }
  return contents;
}

interface GitOutput {
  readonly code: number;
  readonly output: Buffer;
  readonly errors: string;
}

/** @throws {SourceError} `git-missing`; `git-failed` where the output is beyond its limit. */
function git(folder: string, args: readonly string[], limit: number, input = ""): Promise<GitOutput> {
  return new Promise((done, fail) => {
    // A hook's GIT_DIR would point elsewhere, and a missing object is not worth a download.
    const env: NodeJS.ProcessEnv = {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      XDG_CONFIG_HOME: process.env.XDG_CONFIG_HOME,
      GIT_CONFIG_COUNT: process.env.GIT_CONFIG_COUNT,
      LC_ALL: "C",
      GIT_OPTIONAL_LOCKS: "0",
      GIT_TERMINAL_PROMPT: "0",
      GIT_NO_LAZY_FETCH: "1",
    };
    for (const [name, value] of Object.entries(process.env))
      if (/^GIT_CONFIG_(KEY|VALUE)_\d+$/.test(name)) env[name] = value;
    const child = spawn("git", ["-C", folder, ...args], {
      env,
      stdio: ["pipe", "pipe", "pipe"],
      timeout: TIME_LIMIT,
    });
    const pieces: Buffer[] = [];
    let [size, errors] = [0, ""];
    child.stdout.on("data", (piece: Buffer) => {
      size += piece.length;
      if (size <= limit) pieces.push(piece);
      else child.kill();
    });
    child.stderr.on("data", (piece: Buffer) => {
      if (errors.length < 2000) errors += piece.toString("utf8");
    });
    child.on("error", error => fail(new SourceError("git-missing", { reason: error.message })));
    child.on("close", code => {
      if (size > limit)
        fail(new SourceError("git-failed", { revision: args.at(-1) ?? "", reason: "too much of it" }));
      else done({ code: code ?? 1, output: Buffer.concat(pieces), errors: errors.trim() });
    });
    // git may end before it has read everything; what it said before that is what counts.
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
  });
}
