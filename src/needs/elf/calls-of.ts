// Where a program's instructions call an imported function, and the numbers that they put into the first three arguments before.
//
// Intel's 64 bit instructions only. Nothing is decoded: a call is five bytes that lead to the function's entry in the procedure linkage
// table, or six that lead through its slot; `mov $n, %edi`, `%esi` and `%edx` are looked for shortly before. System V ABI, AMD64
// supplement, section 5.2 (procedure linkage table) and 3.2.3 (registers of arguments).

import { type ElfReader, importSlots, makeReader, readSegments, type Segment } from "./read-elf.ts";

/** The constants that one call is given; absent where they are computed. */
export interface Call {
  readonly first?: number;
  readonly second?: number;
  readonly third?: number;
}

const EM_X86_64 = 62;
const PT_LOAD = 1;
const PF_X = 1;
/** Bytes before a call within which compilers set its arguments. */
const NEAR = 64;
const MOV_FIRST = 0xbf;
const MOV_SECOND = 0xbe;
const CALL = 0xe8;
const JMP = 0xe9;
const MOV_THIRD = 0xba;

/**
 * The calls of imported functions by their names, for as many as can be seen; none in programs for other processors.
 * @param names found in one pass: a program has megabytes of code
 */
export function callsOf(bytes: Uint8Array, names: readonly string[]): ReadonlyMap<string, readonly Call[]> {
  const calls = new Map<string, Call[]>();
  const add = ({ at, name }: Site): void => {
    const known = calls.get(name) ?? [];
    known.push(argumentsBefore(bytes, at));
    calls.set(name, known);
  };
  const reader = makeReader(bytes);
  if (reader.u16(18) !== EM_X86_64 || !reader.is64) return calls;
  const segments = readSegments(reader);
  const slots: Targets = new Map(
    names.flatMap(name => importSlots(reader, segments, name).map(slot => [slot, name])),
  );
  if (slots.size === 0) return calls;
  const code = segments.filter(({ type, flags }) => type === PT_LOAD && (flags & PF_X) !== 0);
  const entries = new Map<number, string>();
  for (const segment of code)
    for (const site of indirect(reader, segment, slots)) {
      // An entry of the table jumps through the slot; compilers that use no table call through it.
      if (bytes[site.at + 1] === 0x15) add(site);
      else
        for (const start of [site.at, site.at - 1, site.at - 4, site.at - 5])
          entries.set(start - segment.offset + segment.address, site.name);
    }
  for (const segment of code) for (const site of direct(reader, segment, entries)) add(site);
  return calls;
}

/** Addresses that lead to functions, by the functions' names. */
type Targets = ReadonlyMap<number, string>;

/** An instruction that leads to a function. */
interface Site {
  /** Offset in the file. */
  readonly at: number;
  readonly name: string;
}

/** `jmp *slot(%rip)` and `call *slot(%rip)`. */
function indirect({ bytes }: ElfReader, segment: Segment, slots: Targets): readonly Site[] {
  const sites: Site[] = [];
  const end = Math.min(segment.offset + segment.size, bytes.length) - 6;
  for (let at = segment.offset; at < end; at++) {
    if (bytes[at] !== 0xff) continue;
    const kind = bytes[at + 1];
    if (kind !== 0x25 && kind !== 0x15) continue;
    const next = at + 6 - segment.offset + segment.address;
    const name = slots.get(next + bytes.readInt32LE(at + 2));
    if (name !== undefined) sites.push({ at, name });
  }
  return sites;
}

/** `call entry` and, at a function's end, `jmp entry`: all of the one, then all of the other. */
function direct({ bytes }: ElfReader, segment: Segment, entries: Targets): readonly Site[] {
  if (entries.size === 0) return [];
  // The entries lie together, so that two comparisons turn down nearly every call.
  const [lowest, highest] = [Math.min(...entries.keys()), Math.max(...entries.keys())];
  const calls: Site[] = [];
  const jumps: Site[] = [];
  const end = Math.min(segment.offset + segment.size, bytes.length) - 5;
  for (let at = segment.offset; at < end; at++) {
    // Every twentieth byte of code is one of these: a search for the next costs more than looking at each.
    const opcode = bytes[at];
    if (opcode !== CALL && opcode !== JMP) continue;
    const target = at + 5 - segment.offset + segment.address + bytes.readInt32LE(at + 1);
    if (target < lowest || target > highest) continue;
    const name = entries.get(target);
    if (name !== undefined) (opcode === CALL ? calls : jumps).push({ at, name });
  }
  return [...calls, ...jumps];
}

function argumentsBefore(bytes: Uint8Array, call: number): Call {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const last = (opcode: number): number | undefined => {
    for (let at = call - 5; at >= Math.max(0, call - NEAR); at--)
      if (view[at] === opcode && view.readUInt32LE(at + 1) < 0x100000) return view.readUInt32LE(at + 1);
    return undefined;
  };
  const [first, second, third] = [last(MOV_FIRST), last(MOV_SECOND), last(MOV_THIRD)];
  return {
    ...(first === undefined ? {} : { first }),
    ...(second === undefined ? {} : { second }),
    ...(third === undefined ? {} : { third }),
  };
}
