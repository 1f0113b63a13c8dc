import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { SourceError } from "./source-error.ts";
import { writeAtomic } from "./write-atomic.ts";

/**
 * Puts a text into a file of a folder, which is made where it is missing.
 * @param name without slashes; others are taken as part of the name.
 * @throws {SourceError} see `writeAtomic`.
 */
export function writeIntoFolder(folder: string, name: string, text: string): string {
  const path = join(folder, name.replaceAll("/", "-"));
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new SourceError("write-failed", {
      file: folder,
      reason: error instanceof Error ? error.message : "",
    });
  }
  writeAtomic(path, new TextEncoder().encode(text));
  return path;
}
