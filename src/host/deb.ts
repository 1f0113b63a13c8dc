// A Debian package goes in, the file system that it would install comes out, without unpacking anything to disk.
// What is guaranteed: names that climb (`../`), absolute names and links out stay inside the tree; what is unpacked is
// bounded in bytes, in entries and in ratio; a damaged package is a `SourceError` that names the file.
import { readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import { type ArContents, readAr } from "./ar.ts";
import { type Compression, decompress, ExpandsTooFar } from "./decompress.ts";
import { isFileSystemError } from "./directory-tree.ts";
import type { FileTree } from "./file-tree.ts";
import { memoryTree } from "./memory-tree.ts";
import { normalizePath } from "./resolve-path.ts";
import { SourceError } from "./source-error.ts";
import { type TarEntry, TooManyEntries, unpackTar } from "./unpack-tar.ts";

const megabyte = 1024 * 1024;
/** The package file itself; the whole of it is held while it is read. */
const maxPackage = 512 * megabyte;
const compressions: readonly Compression[] = ["none", "gz", "xz", "zst"];
/** The largest packages that carry a service unpack to a few hundred MiB. */
const bounds = { total: 2048 * megabyte, free: 64 * megabyte, ratio: 200 };

/**
 * The tree that a package installs. Beside its files it has what dpkg would note of it: /var/lib/dpkg/status and
 * /var/lib/dpkg/info/PACKAGE.{list,conffiles,md5sums,preinst,postinst,prerm,postrm,…}.
 * Every file's owner, mode and size are there; content is kept for units, configuration and programs up to 512 MiB,
 * not for documentation and the like, whose reading says so (`FileUnreadable`).
 *
 * @param from the package's path on this machine, or its bytes.
 * @param label what messages call it, by default the file's name.
 * @throws {SourceError} `deb-missing`, `deb-not-a-package`, `deb-truncated`, `deb-damaged`, `deb-compression`, `deb-too-large`.
 */
export async function openDeb(from: string | Uint8Array, label?: string): Promise<FileTree> {
  const file = label ?? (typeof from === "string" ? basename(from) : "package.deb");
  const container = readAr(typeof from === "string" ? readPackage(from, file) : from);
  if (container === undefined) throw new SourceError("deb-not-a-package", { file });
  const control = await unpackMember(container, "control.tar", file);
  const data = await unpackMember(container, "data.tar", file);
  const installed = data.map(entry => entry.path).filter(path => path !== "/");
  return memoryTree(
    [...data, ...dpkgFiles(control, installed)].map(({ path, node }) => [path, node] as const),
    file,
  );
}

/** The entries of one of a package's two archives, their paths made absolute inside the tree. */
async function unpackMember(
  container: ArContents,
  part: "control.tar" | "data.tar",
  file: string,
): Promise<readonly TarEntry[]> {
  const member = container.members.find(({ name }) => name === part || name.startsWith(`${part}.`));
  if (member === undefined)
    throw new SourceError(container.isCut ? "deb-truncated" : "deb-not-a-package", { file });
  if (container.isCut && member === container.members.at(-1))
    throw new SourceError("deb-truncated", { file });
  const suffix = member.name.slice(part.length + 1) || "none";
  const compression = compressions.find(known => known === suffix);
  if (compression === undefined) throw new SourceError("deb-compression", { file, compression: suffix });
  const entries: TarEntry[] = [];
  try {
    for await (const { path, node } of unpackTar(decompress(member.content, compression, bounds))) {
      entries.push({ path: normalizePath(path), node });
    }
  } catch (error) {
    if (error instanceof ExpandsTooFar || error instanceof TooManyEntries)
      throw new SourceError("deb-too-large", { file });
    const reason = error instanceof Error ? error.message : String(error);
    throw new SourceError("deb-damaged", { file, part: member.name, reason });
  }
  return entries;
}

function readPackage(path: string, file: string): Uint8Array {
  try {
    const { size } = statSync(path);
    if (!statSync(path).isFile()) throw new SourceError("deb-not-a-package", { file });
    if (size > maxPackage) throw new SourceError("deb-too-large", { file });
    return readFileSync(path);
  } catch (error) {
    if (!isFileSystemError(error)) throw error;
    throw new SourceError("deb-missing", { file, reason: error.code });
  }
}

/** What dpkg writes of an installed package (dpkg-query(1)): the file list, the control files, the status paragraph. */
function dpkgFiles(control: readonly TarEntry[], installed: readonly string[]): readonly TarEntry[] {
  const files = new Map<string, Uint8Array | string>();
  for (const { path, node } of control) {
    // Any name may be in there; dpkg's own are plain.
    if (/^\/[a-z0-9-]+$/.test(path) && node instanceof Object && "content" in node)
      files.set(path.slice(1), node.content);
  }
  const paragraph = Buffer.from(files.get("control") ?? "")
    .toString()
    .trimEnd();
  // deb-control(5): the field is required, and the name is of these characters only.
  const name = /^Package:[ \t]*([a-z0-9][a-z0-9+.-]+)[ \t]*$/m.exec(paragraph)?.[1];
  if (name === undefined) return [];
  files.delete("control");
  files.set("list", ["/.", ...installed, ""].join("\n"));
  const info = [...files].map(([kind, content]) => ({
    path: `/var/lib/dpkg/info/${name}.${kind}`,
    node: { content },
  }));
  const status = paragraph.replace(/^Package:.*$/m, line => `${line}\nStatus: install ok installed`);
  return [...info, { path: "/var/lib/dpkg/status", node: { content: `${status}\n\n` } }];
}
