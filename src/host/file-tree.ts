// The seam between the machine and everything else: a read-only view of one file system that is under audit.
// Implementations guarantee that no path outside the tree is ever opened: symbolic links are resolved inside it.

export interface FileStat {
  readonly kind: "file" | "directory" | "symlink" | "device" | "other";
  /** In bytes. */
  readonly size: number;
  /** Permission bits, 0…0o7777. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** What stands in a directory. */
export interface DirectoryEntry {
  readonly name: string;
  /** Of the entry itself; a symbolic link is not followed. */
  readonly kind: FileStat["kind"];
}

export interface FileTree {
  /** What a person reads in a message: "this host", the root's path, the package's file name. */
  readonly label: string;
  /**
   * The bytes of a regular file, symbolic links followed inside the tree; `undefined` where there is none.
   * @throws {FileTooLarge} above `limit` bytes (default 16 MiB), before anything is read.
   */
  readFile(path: string, limit?: number): Uint8Array | undefined;
  /** Names in a directory in byte order, links to directories followed; empty where there is none. */
  readDirectory(path: string): readonly string[];
  /** The same with the kind of each, of a tree that knows it without a look at each. */
  readEntries?(path: string): readonly DirectoryEntry[];
  /** Of the path itself; a symbolic link is not followed in its last component. */
  lstat(path: string): FileStat | undefined;
  /** Of what the path leads to. */
  stat(path: string): FileStat | undefined;
  /** Where a symbolic link points, as it is written; `undefined` where the path is none. */
  readLink(path: string): string | undefined;
  /** The path with every link resolved inside the tree; `undefined` on a loop, a missing part, or a way out. */
  realPath(path: string): string | undefined;
}
