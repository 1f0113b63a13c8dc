// Bytes of a program or library go in, what its dynamic section says comes out. elf(5), System V ABI chapter 5.
// Every offset is checked against the file: what does not fit is left out, and the caller sees `isComplete: false`.

export interface ElfFile {
  readonly machine: number;
  /** ELFCLASS64; with the machine it tells the system call table (x32 is 32 bit code of a 64 bit machine). */
  readonly is64: boolean;
  /** The dynamic loader; absent in static programs and in libraries. */
  readonly interpreter?: string;
  readonly needed: readonly string[];
  readonly soname?: string;
  /** DT_RUNPATH or DT_RPATH, with `$ORIGIN` as written. */
  readonly runPath: readonly string[];
  /** Names of undefined dynamic symbols: what the object calls in others. */
  readonly imports: readonly string[];
  /** Whether there is a dynamic section at all; without one, imports say nothing. */
  readonly isDynamic: boolean;
  /** Whether the program asks for an executable stack (PT_GNU_STACK with PF_X). */
  readonly hasExecutableStack: boolean;
  /** DT_TEXTREL: the loader must write to code. */
  readonly hasTextRelocations: boolean;
  /** A Go program: its function names are in `.gopclntab`, and calls do not go through libc. */
  readonly isGo: boolean;
  /** Where `.rodata` lies in the file, which holds the program's constant texts; absent where no section table tells. */
  readonly texts?: { readonly offset: number; readonly size: number };
  /**
   * Where the names of the functions that are part of a program lie in the file: a Go program's table for tracebacks, which
   * stripping leaves in place, or the symbol names of a static program that was not stripped.
   */
  readonly functions?: { readonly offset: number; readonly size: number };
  /** Whether every table was found whole. */
  readonly isComplete: boolean;
}

const PT_LOAD = 1;
const PT_DYNAMIC = 2;
const PT_INTERP = 3;
const PT_GNU_STACK = 0x6474e551;
const DT = {
  NEEDED: 1,
  STRTAB: 5,
  SYMTAB: 6,
  STRSZ: 10,
  SONAME: 14,
  JMPREL: 23,
  PLTRELSZ: 2,
  RELA: 7,
  RELASZ: 8,
  RPATH: 15,
  TEXTREL: 22,
  RUNPATH: 29,
  FLAGS: 30,
} as const;
const DF_TEXTREL = 4;
const SHT_DYNSYM = 11;

/** A file's bytes with the numbers in them, in its own order. */
export interface ElfReader {
  readonly bytes: Buffer;
  readonly is64: boolean;
  u16(at: number): number;
  u32(at: number): number;
  /** An address or a size, which stays below 2^53 in any real file. */
  word(at: number): number;
}

export interface Segment {
  readonly type: number;
  readonly flags: number;
  readonly offset: number;
  readonly address: number;
  readonly size: number;
}

/** Reads an ELF file; `undefined` for anything else. */
export function readElf(bytes: Uint8Array): ElfFile | undefined {
  if (bytes.length < 64 || bytes[0] !== 0x7f || bytes[1] !== 0x45 || bytes[2] !== 0x4c || bytes[3] !== 0x46)
    return undefined;
  const reader = makeReader(bytes);
  try {
    return readTables(reader);
  } catch (error) {
    // A DataView throws RangeError where an offset leads out of the file: truncated or made to mislead.
    if (error instanceof RangeError)
      return { ...EMPTY, machine: reader.u16(18), is64: reader.is64, isComplete: false };
    throw error;
  }
}

const EMPTY: ElfFile = {
  machine: 0,
  is64: true,
  needed: [],
  runPath: [],
  imports: [],
  isDynamic: false,
  hasExecutableStack: false,
  hasTextRelocations: false,
  isGo: false,
  isComplete: true,
};

export function makeReader(bytes: Uint8Array): ElfReader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const is64 = bytes[4] === 2;
  const little = bytes[5] !== 2;
  return {
    bytes: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    is64,
    u16: at => view.getUint16(at, little),
    u32: at => view.getUint32(at, little),
    word: at => (is64 ? Number(view.getBigUint64(at, little)) : view.getUint32(at, little)),
  };
}

function readTables(reader: ElfReader): ElfFile {
  const segments = readSegments(reader);
  const interp = segments.find(segment => segment.type === PT_INTERP);
  const stack = segments.find(segment => segment.type === PT_GNU_STACK);
  const dynamic = segments.find(segment => segment.type === PT_DYNAMIC);
  const texts = findSection(reader, ".rodata");
  const goTable = findSection(reader, ".gopclntab");
  const functions = goTable ?? (dynamic === undefined ? findSection(reader, ".strtab") : undefined);
  const common = {
    ...EMPTY,
    machine: reader.u16(18),
    is64: reader.is64,
    ...(interp ? { interpreter: text(reader, interp.offset) } : {}),
    hasExecutableStack: stack !== undefined && (stack.flags & 1) !== 0,
    isGo: goTable !== undefined,
    ...(functions === undefined ? {} : { functions: { offset: functions.offset, size: functions.size } }),
    ...(texts === undefined ? {} : { texts: { offset: texts.offset, size: texts.size } }),
  };
  if (dynamic === undefined) return common;
  const entries = readDynamic(reader, dynamic);
  const value = (tag: number) => entries.find(entry => entry.tag === tag)?.value;
  const strings = fileOffset(segments, value(DT.STRTAB));
  if (strings === undefined) return { ...common, isDynamic: true, isComplete: false };
  const string = (offset: number) => text(reader, strings + offset);
  const all = (tag: number) => entries.filter(entry => entry.tag === tag).map(entry => string(entry.value));
  const imports = readImports(reader, string);
  const soname = all(DT.SONAME)[0];
  return {
    ...common,
    isDynamic: true,
    needed: all(DT.NEEDED),
    ...(soname === undefined ? {} : { soname }),
    runPath: [...all(DT.RUNPATH), ...all(DT.RPATH)]
      .flatMap(path => path.split(":"))
      .filter(path => path !== ""),
    imports: imports ?? [],
    hasTextRelocations: value(DT.TEXTREL) !== undefined || ((value(DT.FLAGS) ?? 0) & DF_TEXTREL) !== 0,
    isComplete: imports !== undefined,
  };
}

export function readSegments(reader: ElfReader): readonly Segment[] {
  const { is64 } = reader;
  const start = reader.word(is64 ? 32 : 28);
  const size = reader.u16(is64 ? 54 : 42);
  const count = reader.u16(is64 ? 56 : 44);
  return Array.from({ length: count }, (_, index) => {
    const at = start + index * size;
    return is64
      ? {
          type: reader.u32(at),
          flags: reader.u32(at + 4),
          offset: reader.word(at + 8),
          address: reader.word(at + 16),
          size: reader.word(at + 32),
        }
      : {
          type: reader.u32(at),
          flags: reader.u32(at + 24),
          offset: reader.u32(at + 4),
          address: reader.u32(at + 8),
          size: reader.u32(at + 16),
        };
  });
}

function readDynamic(reader: ElfReader, segment: Segment): readonly { tag: number; value: number }[] {
  const width = reader.is64 ? 8 : 4;
  const entries: { tag: number; value: number }[] = [];
  for (let at = segment.offset; at < segment.offset + segment.size; at += 2 * width) {
    const tag = reader.word(at);
    if (tag === 0) break;
    entries.push({ tag, value: reader.word(at + width) });
  }
  return entries;
}

function fileOffset(segments: readonly Segment[], address: number | undefined): number | undefined {
  if (address === undefined) return undefined;
  const segment = segments.find(
    one => one.type === PT_LOAD && address >= one.address && address < one.address + one.size,
  );
  return segment === undefined ? undefined : address - segment.address + segment.offset;
}

interface Section {
  readonly name: number;
  readonly type: number;
  readonly offset: number;
  readonly size: number;
}

function readSections(reader: ElfReader): readonly Section[] {
  const { is64 } = reader;
  const start = reader.word(is64 ? 40 : 32);
  const size = reader.u16(is64 ? 58 : 46);
  const count = start === 0 ? 0 : reader.u16(is64 ? 60 : 48);
  return Array.from({ length: count }, (_, index) => {
    const at = start + index * size;
    return {
      name: reader.u32(at),
      type: reader.u32(at + 4),
      offset: reader.word(at + (is64 ? 24 : 16)),
      size: reader.word(at + (is64 ? 32 : 20)),
    };
  });
}

function findSection(reader: ElfReader, name: string): Section | undefined {
  const sections = readSections(reader);
  const names = sections[reader.u16(reader.is64 ? 62 : 50)];
  return names && sections.find(section => text(reader, names.offset + section.name) === name);
}

/** Undefined symbols of the dynamic symbol table; `undefined` where the file has no section that tells its size. */
function readImports(reader: ElfReader, string: (offset: number) => string): readonly string[] | undefined {
  const table = readSections(reader).find(section => section.type === SHT_DYNSYM);
  if (table === undefined) return undefined;
  const width = reader.is64 ? 24 : 16;
  const names: string[] = [];
  for (let at = table.offset; at + width <= table.offset + table.size; at += width) {
    const sectionIndex = reader.u16(at + (reader.is64 ? 6 : 14));
    const name = reader.u32(at);
    if (sectionIndex === 0 && name !== 0) names.push(string(name));
  }
  return names;
}

/**
 * The addresses of the slots through which a 64 bit object reaches an imported function; none where its relocations have another form
 * than with addends. System V ABI, chapter 4, Relocation.
 */
export function importSlots(
  reader: ElfReader,
  segments: readonly Segment[],
  name: string,
): readonly number[] {
  const dynamic = segments.find(segment => segment.type === PT_DYNAMIC);
  if (dynamic === undefined) return [];
  const entries = readDynamic(reader, dynamic);
  const value = (tag: number) => entries.find(entry => entry.tag === tag)?.value;
  const strings = fileOffset(segments, value(DT.STRTAB));
  const symbols = fileOffset(segments, value(DT.SYMTAB));
  if (strings === undefined || symbols === undefined) return [];
  const slots: number[] = [];
  for (const [table, size] of [
    [DT.JMPREL, DT.PLTRELSZ],
    [DT.RELA, DT.RELASZ],
  ] as const) {
    const start = fileOffset(segments, value(table));
    for (let at = start ?? 0; start !== undefined && at < start + (value(size) ?? 0); at += 24) {
      const symbol = reader.u32(at + 12);
      if (symbol === 0) continue;
      if (isText(reader, strings + reader.u32(symbols + symbol * 24), name)) slots.push(reader.word(at));
    }
  }
  return slots;
}

/** Symbol names are short; C++ ones may run to kilobytes, and none of those is looked for. */
const MAX_TEXT = 4096;

function text(reader: ElfReader, at: number): string {
  const { bytes } = reader;
  if (at < 0 || at >= bytes.length) throw new RangeError(`offset ${at} outside the file`);
  let end = at;
  while (end < bytes.length && end - at < MAX_TEXT && bytes[end] !== 0) end++;
  return bytes.toString("latin1", at, end);
}

/** Whether just this text stands there; makes none to compare it with. */
function isText(reader: ElfReader, at: number, wanted: string): boolean {
  const { bytes } = reader;
  if (at < 0 || at >= bytes.length) throw new RangeError(`offset ${at} outside the file`);
  for (let index = 0; index < wanted.length; index++)
    if (bytes[at + index] !== wanted.charCodeAt(index)) return false;
  return (bytes[at + wanted.length] ?? 0) === 0;
}
