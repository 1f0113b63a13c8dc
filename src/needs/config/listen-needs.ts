import { posix } from "node:path";
import { isBelow, type NeedPattern } from "../need-pattern.ts";
import { plainPath } from "./paths-in.ts";

/**
 * What it takes to listen where a configuration says: `80`, `*:80`, `[::]:443 ssl`, `127.0.0.1:53`, `localhost`, `unix:/run/x.sock`.
 * A port gives `bind`, a path the folder that the socket is made in, an address its family.
 */
export function listenNeeds(
  values: readonly string[],
  protocol: "tcp" | "udp" | "*",
): readonly NeedPattern[] {
  const isUdp = values.some(word => /^(?:udp|quic|dgram)$/i.test(word));
  // Behind the first word there may be more addresses, and options of which a number is no port: `bind /run/x mode 660`.
  const [first = "", ...rest] = values
    .flatMap(word => word.split(/[,\s]+/))
    .filter(word => word !== "" && word.length <= MAX_WORD);
  return [first, ...rest.filter(word => ADDRESS.test(word))].flatMap(word =>
    listenOn(word.replace(/^-(?=[\d:])/, ""), isUdp ? "udp" : protocol),
  );
}

/** A host name has at most 253 characters (RFC 1035), a socket's path 108. */
const MAX_WORD = 270;
const ADDRESS =
  /^-?(?:\*|localhost|\[[0-9a-f:.%]+\]|\d+\.\d+\.\d+\.\d+|[0-9a-f]*:[0-9a-f:]*:[0-9a-f:.]*)(?::\d+)?$/i;

function listenOn(word: string, protocol: string): readonly NeedPattern[] {
  // sendmail's milters write `inet:PORT@HOST`.
  const milter = /^inet6?:(\d{1,5})(?:@(.*))?$/.exec(word);
  if (milter !== null) return listenOn(`${milter[2] ?? ""}:${milter[1]}`, protocol);
  const path = /^(?:unix@|abns@)?(?:unix:|local:|unix:\/\/)?(\/[^\s]*)$/.exec(word)?.[1];
  if (path !== undefined) {
    const socket = plainPath(path);
    const folder = socket === undefined ? "/" : posix.dirname(socket);
    return [
      { kind: "family", subject: "AF_UNIX" },
      ...(folder === "/" || isBelow(folder, "/dev") ? [] : [{ kind: "write", subject: folder }]),
    ];
  }
  const scheme = /^(tcp|udp|tls|ssl|https?|ipv4|ipv6|tcp4|tcp6|udp4|udp6)(?:@|:\/\/|:(?=.*:))(.*)$/i.exec(
    word,
  );
  const rest = scheme?.[2] ?? word;
  const by = /^udp/i.test(scheme?.[1] ?? "") ? "udp" : protocol;
  const match = /^(\[[0-9a-f:.%]*\]|[\w.*-]*|[0-9a-f:]*::[0-9a-f:]*)(?::(\d{1,5})(?:-(\d{1,5}))?)?$/i.exec(
    rest,
  );
  if (match === null) return [];
  const [, host = "", port, last] = match;
  const isPort = /^\d{1,5}(?:-\d{1,5})?$/.test(host) && port === undefined;
  const number = isPort
    ? host
    : port === undefined
      ? undefined
      : last === undefined
        ? port
        : `${port}-${last}`;
  const isAddress = !isPort && /^(?:\*|localhost|0\.0\.0\.0|\[.*\]|.*:.*|\d+\.\d+\.\d+\.\d+)?$/i.test(host);
  // A word that is neither a port nor an address is one of the program's own: `default_server`, `ssl`.
  if (number === undefined && (host === "" || !isAddress)) return [];
  if (number?.split("-").some(part => Number(part) < 1 || Number(part) > 65535)) return [];
  const families = host.includes(":")
    ? ["AF_INET6"]
    : /^\d+\.\d+\.\d+\.\d+$/.test(host)
      ? ["AF_INET"]
      : ["AF_INET", "AF_INET6"];
  return [
    ...families.map(subject => ({ kind: "family", subject })),
    ...(number === undefined ? [] : [{ kind: "bind", subject: `${by}:${number}` }]),
    ...(isLoopback(host) ? [] : [{ kind: "network" }]),
  ];
}

function isLoopback(host: string): boolean {
  return /^(?:localhost|127\..*|\[?::1\]?)$/i.test(host);
}

/** Whom a program talks to: an address as it is, everybody for a name. */
export function peerNeeds(values: readonly string[]): readonly NeedPattern[] {
  return values.flatMap((word): readonly NeedPattern[] => {
    if (word.length > MAX_WORD) return [];
    const host = /^\[?([0-9a-f.:]+?)\]?(?::\d+)?$/i.exec(word)?.[1];
    if (host !== undefined && /^\d+\.\d+\.\d+\.\d+$/.test(host))
      return [
        { kind: "family", subject: "AF_INET" },
        { kind: "peer", subject: host },
        ...(isLoopback(host) ? [] : [{ kind: "network" }]),
      ];
    if (!/^[\w.:[\]-]+$/.test(word)) return [];
    return [
      { kind: "family", subject: "AF_INET" },
      { kind: "family", subject: "AF_INET6" },
      { kind: "peer", subject: "any" },
      { kind: "network" },
    ];
  });
}
