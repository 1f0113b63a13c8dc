import type { FileTree } from "./file-tree.ts";
import { pathWalker, sortNames } from "./resolve-path.ts";

/**
 * Two trees as one: what `upper` holds stands in front of what `lower` holds at the same path, directories are merged.
 * So a proposed drop-in can be laid over a unit and the result read without writing, and a folder can go before a root.
 * Links of either tree lead into both. Nothing of `lower` can be hidden but by a file in its place.
 */
export function overlayTree(upper: FileTree, lower: FileTree, label: string = lower.label): FileTree {
  const holderOf = (real: string): FileTree => (upper.lstat(real) === undefined ? lower : upper);
  const walker = pathWalker({
    lstat(real) {
      const above = upper.lstat(real);
      // Directories of the upper tree are made for what lies in them: owner and mode are the lower one's.
      if (above !== undefined && above.kind !== "directory") return above;
      const below = lower.lstat(real);
      return below?.kind === "directory" ? below : (above ?? below);
    },
    readLink: real => holderOf(real).readLink(real),
  });
  return {
    label,
    readFile(path, limit) {
      const walked = walker.walk(path, "follow");
      return walked?.stat?.kind === "file" ? holderOf(walked.path).readFile(walked.path, limit) : undefined;
    },
    readDirectory(path) {
      const walked = walker.walk(path, "follow");
      if (walked?.stat?.kind !== "directory") return [];
      const names = [upper, lower]
        .filter(tree => tree.lstat(walked.path)?.kind === "directory")
        .flatMap(tree => tree.readDirectory(walked.path));
      return sortNames(new Set(names));
    },
    lstat: path => walker.walk(path, "keep")?.stat,
    stat: path => walker.walk(path, "follow")?.stat,
    readLink(path) {
      const walked = walker.walk(path, "keep");
      return walked?.stat?.kind === "symlink" ? holderOf(walked.path).readLink(walked.path) : undefined;
    },
    realPath(path) {
      const walked = walker.walk(path, "follow");
      return walked?.stat && walked.path;
    },
  };
}
