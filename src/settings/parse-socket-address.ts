// What a socket unit listens on: systemd.socket(5), ListenStream= and its siblings. An address that cannot be read is
// ignored with a warning; a socket that is left without any is refused.
import { splitWords } from "../unit/split-words.ts";
import { readPrefix } from "./parse-addresses.ts";
import { readInteger } from "./parse-numbers.ts";
import { simplifyPath } from "./parse-paths.ts";
import { invalid, type Outcome, type ParseInput, refuse } from "./value-parser.ts";

/** A path of a socket in the file system, or an abstract name, with its first character: sun_path of unix(7). */
const longestUnixName = 107;
const mostUnsigned = 2 ** 32 - 1;

/** A port, an address with a port, a path, `@` and an abstract name, or `vsock:CID:PORT`. */
export function parseSocketAddress(input: ParseInput): Outcome {
  if (input.text === "") return { kind: "reset" };
  const expanded = input.expand(input.text);
  if (expanded.kind === "unknown") return invalid(input);
  const { text } = expanded;
  if (!isAddress(text) || !new RegExp(input.rule.item ?? "", "s").test(text)) return invalid(input);
  // The folder of such a path is looked at later than the line, and then systemd gives up on the unit.
  if (text.startsWith("/") && text.split("/").includes(".."))
    return refuse("invalid-value", { directive: input.directive, value: input.text });
  return {
    kind: "append",
    value: { kind: "list", value: [text.startsWith("/") ? simplifyPath(text) : text] },
  };
}

function isAddress(text: string): boolean {
  if (text.startsWith("/") || text.startsWith("@"))
    return text.length > 1 && Buffer.byteLength(text) <= longestUnixName;
  if (text.startsWith("vsock:")) return isVsock(text.slice("vsock:".length));
  return isPort(text) || isInternetAddress(text);
}

function isVsock(text: string): boolean {
  const [cid = "", port = "", ...more] = text.split(":");
  return more.length === 0 && (cid === "" || isUnsigned(cid)) && isUnsigned(port);
}

/** `1.2.3.4:80` or `[::1]:80`, the latter perhaps with `%` and an interface after it. */
function isInternetAddress(text: string): boolean {
  const six = /^\[([^\]/]*)\]:([^%]*)(?:%[^%]+)?$/s.exec(text);
  const four = six ?? /^([^:/]*):(.*)$/s.exec(text);
  const [, host = "", port = ""] = four ?? [];
  return isPort(port) && readPrefix(host)?.family === (six ? 6 : 4);
}

/** As a number may be written, without a zero in front: 1 to 65535. */
function isPort(text: string): boolean {
  const port = /^[+-]?0[0-9]/.test(text) ? undefined : readInteger(text);
  return port !== undefined && port > 0 && port <= 65535;
}

function isUnsigned(text: string): boolean {
  const number = readInteger(text);
  return number !== undefined && number >= 0 && number <= mostUnsigned;
}

/** ListenNetlink=: a family by name or number, and perhaps a group. */
export function parseNetlinkAddress(input: ParseInput): Outcome {
  if (input.text === "") return { kind: "reset" };
  const expanded = input.expand(input.text);
  const { words } = splitWords(expanded.kind === "text" ? expanded.text : "");
  const [family = "", group = "0", ...more] = words;
  const isFamily = input.rule.words?.includes(family) || isUnsigned(family);
  if (!isFamily || !isUnsigned(group) || more.length > 0) return invalid(input);
  return { kind: "append", value: { kind: "list", value: [words.join(" ")] } };
}
