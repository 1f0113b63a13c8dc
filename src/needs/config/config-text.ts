import type { FileTree } from "../../host/file-tree.ts";
import { SourceError } from "../../host/source-error.ts";

/** Configuration is written by people; squid's documented file, the largest stock one, has 300 KiB. */
export const MAX_FILE = 1024 * 1024;

/**
 * A configuration file's text; `undefined` where it is missing, `"unreadable"` where it is there and nobody can say what it
 * holds: too large, withheld, or no text.
 */
export function configText(
  path: string,
  tree: FileTree,
): { readonly text: string } | "unreadable" | undefined {
  try {
    const bytes = tree.readFile(path, MAX_FILE);
    if (bytes === undefined) return undefined;
    return bytes.includes(0) ? "unreadable" : { text: new TextDecoder().decode(bytes) };
  } catch (error) {
    if (error instanceof SourceError) return "unreadable";
    throw error;
  }
}

/** Whether the tree is a machine or an image of one, whose configuration is its own, and not a package with stock files. */
export function isWholeSystem(tree: FileTree): boolean {
  return ["/etc/passwd", "/etc/os-release", "/usr/lib/os-release"].some(
    path => tree.stat(path)?.kind === "file",
  );
}
