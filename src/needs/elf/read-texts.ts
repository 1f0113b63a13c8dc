import type { FileTree } from "../../host/file-tree.ts";
import type { ElfFile } from "./read-elf.ts";

/** Programs with everything in them reach a hundred megabytes; more is read by no loader in a hurry. */
export const MAX_PROGRAM = 256 * 1024 * 1024;

/** The bytes in which a program's constant texts stand: its read-only data, or all of it where no section table tells. */
export function readTexts(path: string, elf: ElfFile | undefined, tree: FileTree): Buffer {
  const bytes = tree.readFile(path, MAX_PROGRAM) ?? new Uint8Array();
  const { offset, size } = elf?.texts ?? { offset: 0, size: bytes.length };
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).subarray(offset, offset + size);
}
