// One line of strace's output, whatever options it was called with: who, and what. strace(1), 4.26 to 6.x.
// Nothing here throws or looks at a line more than a constant number of times.

/** What a line is, before unfinished calls are put together. */
export type StraceLine =
  | { readonly kind: "call"; readonly name: string; readonly args: string; readonly result: CallResult }
  | { readonly kind: "unfinished"; readonly name: string; readonly args: string }
  | { readonly kind: "resumed"; readonly name: string; readonly rest: string }
  | { readonly kind: "signal" }
  | { readonly kind: "exit" }
  /** A thread that executed a program goes on under the number of its process. */
  | { readonly kind: "superseded"; readonly by: number }
  | { readonly kind: "foreign-mode" }
  /** Output of a tracer that is no call: stack traces, dumps of data, its own messages. */
  | { readonly kind: "note" }
  /** The beginning of a call whose line a message of strace's ended. */
  | { readonly kind: "broken"; readonly text: string; readonly attached: number }
  | { readonly kind: "unknown" };

/** What came of a call. */
export type CallResult =
  | {
      readonly kind: "value";
      /** The number; addresses above 2^53 lose their last digits. */
      readonly value: number;
      /** What stands behind the number: `</etc/passwd>`, `(flags O_RDWR)`, a comment. */
      readonly note: string;
    }
  | { readonly kind: "error"; readonly errno: string }
  /** It did not return, or strace could not tell. */
  | { readonly kind: "none" };

export interface Leader {
  /** The number of the thread; `undefined` where the line names none. */
  readonly pid: number | undefined;
  /** Its name, with `-Y`. */
  readonly comm: string | undefined;
  /** Where the line's own text begins. */
  readonly end: number;
}

// `[pid  12<comm>] ` on a terminal, `12<comm> ` in a file.
const PID = /(?:\[pid +(\d{1,10})(?:<(.{0,64}?)>)?\] +|(\d{1,10})(?:<(.{0,64}?)>)? +)/y;
// -t -tt -ttt -r, alone or together; then -n and -i.
const TIME =
  /(?: *\d{1,2}:\d\d:\d\d(?:\.\d+)? +| *\d{1,20}\.\d{1,9} +|\(\+ *\d+\.\d+\) +|\[ *[0-9a-fx?]{1,18}\] +)/y;

/** Who the line is about, and where what it says begins. */
export function readLeader(line: string): Leader {
  let end = 0;
  let pid: number | undefined;
  let comm: string | undefined;
  PID.lastIndex = 0;
  const found = PID.exec(line);
  if (found !== null) {
    end = PID.lastIndex;
    pid = Number(found[1] ?? found[3]);
    comm = found[2] ?? found[4];
  }
  for (let count = 0; count < 4; count++) {
    TIME.lastIndex = end;
    if (!TIME.test(line)) break;
    end = TIME.lastIndex;
  }
  return { pid, comm, end };
}

const NAME = /[a-z_][a-z0-9_]*(?=\()/iy;
const RESUMED = /<\.\.\. ([a-z_][a-z0-9_]*|\?+) resumed>/iy;
const ATTACHED = /strace: Process (\d+) attached(?: *\(.*\))?$/;
const UNFINISHED = /<(?:unfinished|detached|ptrace\(SYSCALL\):[^<>]*|pid changed to \d+) ?\.\.\.>$/y;
const EXIT = /\+\+\+ (?:exited with|killed by|superseded by execve in pid (\d+))/y;

/** Reads what a line says, from `start` on. */
export function readStraceLine(line: string, start: number): StraceLine {
  switch (line.charCodeAt(start)) {
    case 0x2b: {
      // +++ exited with 0 +++
      EXIT.lastIndex = start;
      const exit = EXIT.exec(line);
      if (exit === null) return { kind: "unknown" };
      return exit[1] === undefined ? { kind: "exit" } : { kind: "superseded", by: Number(exit[1]) };
    }
    case 0x2d:
      return line.startsWith("--- ", start) ? { kind: "signal" } : { kind: "unknown" };
    case 0x3c: {
      RESUMED.lastIndex = start;
      const resumed = RESUMED.exec(line);
      if (resumed === null) return { kind: "unknown" };
      return { kind: "resumed", name: resumed[1] ?? "", rest: line.slice(RESUMED.lastIndex) };
    }
    case 0x5b:
      // [ Process PID=12 runs in 32 bit mode. ] on x86; x32 has a table of its own, and so is foreign too.
      if (!line.startsWith("[ Process PID=", start)) return { kind: "unknown" };
      return / runs in (?:32 bit|x32) mode\. \]$/.test(line) ? { kind: "foreign-mode" } : { kind: "note" };
    case 0x20:
      // Stack traces begin with " > ", dumps with " | ", what follows a broken line with " = " or " <unfinished".
      return / (?:>|\|) /y.test(line.slice(start, start + 3)) ? { kind: "note" } : { kind: "unknown" };
    default:
      return readCallLine(line, start);
  }
}

function readCallLine(line: string, start: number): StraceLine {
  NAME.lastIndex = start;
  const name = NAME.exec(line)?.[0];
  if (name === undefined) return line.startsWith("strace: ", start) ? { kind: "note" } : { kind: "unknown" };
  const from = start + name.length + 1;
  if (line.endsWith("...>")) {
    const cut = line.lastIndexOf("<");
    UNFINISHED.lastIndex = cut;
    if (cut >= from && UNFINISHED.test(line)) {
      // One blank is strace's own.
      return { kind: "unfinished", name, args: line.slice(from, Math.max(from, cut - 1)) };
    }
  }
  const call = readReturn(line, from);
  if (call !== undefined) return { kind: "call", name, ...call };
  const attached = line.endsWith("attached") || line.endsWith(")") ? ATTACHED.exec(line) : null;
  return attached === null
    ? { kind: "unknown" }
    : { kind: "broken", text: line.slice(start, attached.index), attached: Number(attached[1]) };
}

/** The arguments and the result of a call whose `(` ends at `from`; `undefined` where the line has no result. */
export function readReturn(line: string, from: number): { args: string; result: CallResult } | undefined {
  // The last ` = ` is the result's, unless a file's name in the result has one too: then look from the front.
  const last = line.lastIndexOf(" = ");
  if (last < from) return undefined;
  const close = closeBefore(line, last);
  if (close >= from) {
    const result = readResult(line, last + 3);
    if (result !== undefined) return { args: line.slice(from, close), result };
  }
  const end = findClose(line, from);
  if (end === undefined) return undefined;
  let at = end + 1;
  while (line.charCodeAt(at) === 0x20) at++;
  if (line.charCodeAt(at) !== 0x3d) return undefined;
  const result = readResult(line, at + 2);
  return result === undefined ? undefined : { args: line.slice(from, end), result };
}

/** Where the `)` before the spaces at `position` stands, or -1. */
function closeBefore(line: string, position: number): number {
  let at = position;
  while (at > 0 && line.charCodeAt(at - 1) === 0x20) at--;
  return line.charCodeAt(at - 1) === 0x29 ? at - 1 : -1;
}

const RESULT =
  /(?:(-?\d{1,20}|0x[0-9a-f]{1,16})(?=[ <]|$)|\?(?= |$))(?: (?:(E[A-Z0-9]+)(?= |$)|\(errno (\d+)\)))?/y;

function readResult(line: string, start: number): CallResult | undefined {
  RESULT.lastIndex = start;
  const match = RESULT.exec(line);
  if (match === null) return undefined;
  const [, number, errno, errnoNumber] = match;
  // `= ? ERESTARTSYS (To be restarted …)`: a signal came; the call is made again.
  if (number === undefined) return { kind: "none" };
  if (errno !== undefined) return { kind: "error", errno };
  if (errnoNumber !== undefined) return { kind: "error", errno: `errno ${errnoNumber}` };
  return { kind: "value", value: Number(number), note: line.slice(RESULT.lastIndex) };
}

/**
 * The `)` that ends the arguments which begin at `start`. Strings, brackets and what `-y` adds to descriptors are passed over;
 * strace escapes `"` in strings, and `<` and `>` in what it adds.
 */
export function findClose(text: string, start: number): number | undefined {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case 0x22:
        at = stringEnd(text, at);
        break;
      case 0x28:
      case 0x5b:
      case 0x7b:
        depth++;
        break;
      case 0x3c:
        at = annotationEnd(text, at);
        break;
      case 0x29:
        if (depth === 0) return at;
        depth--;
        break;
      case 0x5d:
      case 0x7d:
        if (depth > 0) depth--;
        break;
    }
  }
  return undefined;
}

/** The `"` that ends the string beginning at `start`, or the text's end. */
export function stringEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x5c) at++;
    else if (code === 0x22) return at;
  }
  return text.length;
}

/** The `>` that ends what stands behind a descriptor: `3</dev/null<char 1:3>>`, `5<TCP:[127.0.0.1:1->127.0.0.1:2]>`. */
export function annotationEnd(text: string, start: number): number {
  // A `<` behind anything but a number or AT_FDCWD is a comparison or a shift: `1<<20`.
  const before = text.charCodeAt(start - 1);
  const isAnnotation = (before >= 0x30 && before <= 0x39) || before === 0x44 || before === 0x2f;
  if (!isAnnotation || text.charCodeAt(start + 1) === 0x3c) return start + 1;
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x5c) at++;
    else if (code === 0x22) at = stringEnd(text, at);
    else if (code === 0x3c) depth++;
    else if (code === 0x3e && text.charCodeAt(at - 1) !== 0x2d && --depth === 0) return at;
  }
  // Without an end it is all the rest, so that nobody looks for one again.
  return text.length;
}
