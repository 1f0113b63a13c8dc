import type { FileTree } from "../../host/file-tree.ts";
import { oncePer } from "../once-per.ts";
import type { ElfFile } from "./read-elf.ts";

/** Programs with everything in them reach a hundred megabytes; more is read by no loader in a hurry. */
export const MAX_PROGRAM = 256 * 1024 * 1024;

/** A program and its libraries are looked at for one thing after another: so many bytes of those read last are kept. */
const MAX_KEPT = 64 * 1024 * 1024;

const kept = oncePer((_: FileTree) => new Map<string, Uint8Array>());

/** A program's bytes; `undefined` where there is no such file. */
export function readProgram(path: string, tree: FileTree): Uint8Array | undefined {
  const last = kept(tree);
  const bytes = last.get(path) ?? tree.readFile(path, MAX_PROGRAM);
  if (bytes === undefined) return undefined;
  last.delete(path);
  last.set(path, bytes);
  let size = 0;
  for (const each of last.values()) size += each.length;
  for (const [oldest, { length }] of last) {
    if (size <= MAX_KEPT) break;
    size -= length;
    last.delete(oldest);
  }
  return bytes;
}

/** The bytes in which a program's constant texts stand: its read-only data, or all of it where no section table tells. */
export function readTexts(path: string, elf: ElfFile | undefined, tree: FileTree): Buffer {
  const bytes = readProgram(path, tree) ?? new Uint8Array();
  const { offset, size } = elf?.texts ?? { offset: 0, size: bytes.length };
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).subarray(offset, offset + size);
}
