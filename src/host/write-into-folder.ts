import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { SourceError } from "./source-error.ts";
import { writeAtomic, writeAtomicMeanwhile } from "./write-atomic.ts";

/**
 * Puts a text into a file of a folder, which is made where it is missing.
 * @param name without slashes; others are taken as part of the name.
 * @throws {SourceError} see `writeAtomic`.
 */
export function writeIntoFolder(folder: string, name: string, text: string): string {
  const path = placeIn(folder, name);
  writeAtomic(path, new TextEncoder().encode(text));
  return path;
}

/** Puts one text after the other into a folder, while their maker goes on with the next. */
export interface FolderWriter {
  /** @throws {SourceError} as `writeIntoFolder`, of this text or one before it. */
  write(name: string, text: string): Promise<void>;
  /** Resolves once all of it is on disk. @throws as `write` */
  finish(): Promise<void>;
}

/** So many files may be on their way to the disk; Node waits for no more at a time, and each keeps its text in memory. */
const MAX_WRITING = 4;

/** @param folder is made where it is missing. */
export function folderWriter(folder: string): FolderWriter {
  const writing = new Set<Promise<void>>();
  return {
    async write(name, text) {
      while (writing.size >= MAX_WRITING) await Promise.race(writing);
      const path = placeIn(folder, name);
      const one = writeAtomicMeanwhile(path, new TextEncoder().encode(text));
      writing.add(one);
      // A failure stays, and is told to whoever waits for it.
      one.then(
        () => writing.delete(one),
        () => {},
      );
    },
    async finish() {
      // None is left half way because another failed.
      await Promise.allSettled(writing);
      await Promise.all(writing);
    },
  };
}

function placeIn(folder: string, name: string): string {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new SourceError("write-failed", {
      file: folder,
      reason: error instanceof Error ? error.message : "",
    });
  }
  return join(folder, name.replaceAll("/", "-"));
}
