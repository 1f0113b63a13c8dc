// One file of an audit → its hosts, one after the other. What is in memory is one line of it, and the digests of one host.
import { hash } from "node:crypto";
import type { Digester, UnitDigest } from "../gate/fleet-digest.ts";
import { hostOfFile } from "../host/audit-files.ts";
import { readRecords, recordRoom } from "../host/read-records.ts";
import { SourceError } from "../host/source-error.ts";
import { readAuditDocument, readAuditUnit } from "../rules/read-audit.ts";

export interface HostAudit {
  readonly host: string;
  readonly units: readonly UnitDigest[];
}

/** A document that is not written a unit a line is held as a whole; a line of ours is a hundredth of this. */
const LIMIT = 64 * 1024 * 1024;
/** Lines that are recognised without being read again. */
const MAX_LINES = 200_000;
/** Units of one host; a machine has hundreds. */
const MAX_UNITS = 100_000;

const decoder = new TextDecoder("utf-8");

/** Reads files one at a time, and remembers lines between them: most hosts of a fleet have most units in common. */
export function fleetReader(digest: Digester): (path: string) => AsyncGenerator<HostAudit> {
  const lines = new Map<string, UnitDigest>();
  const room = recordRoom();

  /** @throws {SourceError} `audit-not-json` */
  function unitOf(bytes: Uint8Array, place: Place): { host: string | undefined; unit: UnitDigest } {
    const { host, rest } = splitHost(bytes);
    const key = hash("sha256", rest, "base64");
    const known = lines.get(key);
    if (known !== undefined) return { host, unit: known };
    const read = readAuditUnit(parse(bytes, place));
    if (read.kind === "problem") throw broken(place, read.problem);
    const unit = digest(read.value);
    if (lines.size >= MAX_LINES) lines.clear();
    // A line that names its host elsewhere than in front would be taken for another host's the next time.
    if (host === read.value.host) lines.set(key, unit);
    return { host: read.value.host, unit };
  }

  return async function* read(path) {
    const fileHost = hostOfFile(path);
    let place: Place = { file: path, line: 0 };
    let form: "unknown" | "lines" | "framed" | "closed" | "whole" = "unknown";
    let host: string | undefined;
    let units: UnitDigest[] = [];
    const whole: Uint8Array[] = [];
    let held = 0;
    const keep = (bytes: Uint8Array): void => {
      held += bytes.length + 1;
      if (held > LIMIT) throw broken(place, "a document above 64 MiB has to have one unit a line");
      whole.push(bytes.slice());
    };
    for await (const bytes of readRecords(path, LIMIT, room)) {
      place = { file: path, line: place.line + 1 };
      if (form === "whole") {
        keep(bytes);
        continue;
      }
      const line = trimmed(bytes);
      if (line.length === 0) continue;
      if (form === "closed") throw broken(place, "there is more after the end of the document");
      if (form === "unknown") {
        form = formOf(line);
        if (form === "framed") {
          const head = readAuditDocument(parse(joined([line, CLOSING]), place));
          if (head.kind === "problem") throw broken(place, head.problem);
          host = head.value.host;
          continue;
        }
        if (form === "whole") {
          keep(bytes);
          continue;
        }
      }
      if (form === "framed") {
        if (isClosing(line)) form = "closed";
        else units.push(unitOf(line.at(-1) === COMMA ? line.subarray(0, -1) : line, place).unit);
      } else {
        const { host: named, unit } = unitOf(line, place);
        if (units.length > 0 && named !== host) {
          yield { host: host ?? fileHost, units };
          units = [];
        }
        host = named;
        units.push(unit);
      }
      if (units.length > MAX_UNITS) throw broken(place, "no host has so many units");
    }
    if (form === "unknown") throw broken(place, "it is empty");
    if (form === "framed") throw broken(place, "it ends too early");
    if (form === "whole") {
      const document = readAuditDocument(parse(joined(whole), { file: path, line: 0 }));
      if (document.kind === "problem") throw broken({ file: path, line: 0 }, document.problem);
      host = document.value.host;
      units = document.value.units.map(each => digest(each));
    }
    yield { host: host ?? fileHost, units };
  };
}

interface Place {
  readonly file: string;
  /** From 1; 0 for the file as a whole. */
  readonly line: number;
}

const COMMA = 0x2c;
const NEWLINE = 0x0a;
const CLOSING = new TextEncoder().encode("]}");
const OPENING = /"units":\s*\[$/;
const HOST = new TextEncoder().encode('{"host":"');

/** How a document is written, by its first line: a unit a line, a head and then a unit a line, or else as a whole. */
function formOf(line: Uint8Array): "lines" | "framed" | "whole" {
  if (OPENING.test(decoder.decode(line.subarray(-40)))) return "framed";
  if (line.at(-1) !== 0x7d) return line.length > 2 && line[0] === 0x7b ? "lines" : "whole";
  return /"units":\s*\[/.test(decoder.decode(line.subarray(0, 4096))) ? "whole" : "lines";
}

/** The host that a line begins with, and what is the same on other hosts. Names with escapes are read as JSON instead. */
function splitHost(line: Uint8Array): { readonly host: string | undefined; readonly rest: Uint8Array } {
  const none = { host: undefined, rest: line };
  if (HOST.some((byte, index) => line[index] !== byte)) return none;
  const end = line.indexOf(0x22, HOST.length);
  if (end === -1 || end - HOST.length > 1020 || line[end + 1] !== COMMA) return none;
  const name = line.subarray(HOST.length, end);
  const host = decoder.decode(name);
  // What is no plain name of a length that is allowed is left to the schema.
  return host === "" || host.length > 255 || name.some(byte => byte < 0x20 || byte === 0x5c)
    ? none
    : { host, rest: line.subarray(end + 1) };
}

function parse(bytes: Uint8Array, place: Place): unknown {
  try {
    return JSON.parse(decoder.decode(bytes));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw broken(place, "it is no JSON, or was cut off");
  }
}

function broken({ file, line }: Place, problem: string): SourceError {
  return line === 0
    ? new SourceError("audit-broken", { file, problem })
    : new SourceError("audit-broken", { file, line: String(line), problem });
}

function trimmed(bytes: Uint8Array): Uint8Array {
  let [start, end] = [0, bytes.length];
  while (start < end && (bytes[start] ?? 0) <= 0x20) start++;
  while (end > start && (bytes[end - 1] ?? 0) <= 0x20) end--;
  return bytes.subarray(start, end);
}

function isClosing(line: Uint8Array): boolean {
  return line.length === 2 && line[0] === CLOSING[0] && line[1] === CLOSING[1];
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length + 1, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
    all[at++] = NEWLINE;
  }
  return all;
}
