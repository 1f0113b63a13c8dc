// Addresses of sockets → needs: ports, peers, the network, and the files of UNIX sockets.

import type { TraceAddressUse, TraceCallTable } from "../../rules/trace-calls.ts";
import type { ReadCall } from "./apply-effects.ts";
import { readDescriptor, readSocketAddress } from "./arguments.ts";
import type { FileUse, FileUses } from "./file-use.ts";
import type { Process } from "./processes.ts";
import type { PathResolver } from "./resolve-paths.ts";

export interface AddressInput {
  readonly table: TraceCallTable;
  readonly resolver: PathResolver;
  readonly files: FileUses;
  readonly need: (need: string) => void;
  readonly use: FileUse;
}

export function useAddresses(read: ReadCall, input: AddressInput): void {
  for (const use of read.rule.addresses ?? []) useAddress(use, read, input);
}

function useAddress(rule: TraceAddressUse, { args, process }: ReadCall, input: AddressInput): void {
  const argument = args[rule.arg];
  if (argument === undefined || !argument.includes("sa_family=")) return;
  const address = readSocketAddress(argument, input.table.constants.family ?? {});
  switch (address?.kind) {
    case "ip":
      input.need("network");
      if (rule.use === "bind") {
        const protocol = protocolOf(process, args[rule.socket]);
        if (protocol !== undefined) input.need(`bind:${protocol}:${address.port}`);
      } else if (address.address !== "") input.need(`peer:${address.address}`);
      return;
    case "unix": {
      // Empty: the address of a socket without a name, as accept(2) tells it.
      if (address.path === "" || rule.use === "peer") return;
      const path = input.resolver.from(process, "AT_FDCWD", address.path);
      if (path === undefined) input.use.unresolved();
      else input.files.touch(path, rule.use === "bind" ? "bind" : "connect", process, input.use);
      return;
    }
    case "abstract":
      // An abstract name is one of the network namespace: unix(7). One's own is of no use to others, unless they are outside.
      if (rule.use !== "peer") input.need("network");
      return;
    default:
      return;
  }
}

/** systemd.resource-control(5), SocketBindAllow=: tcp and udp; other sockets' ports are not looked at. */
function protocolOf(process: Process, socket: string | undefined): "tcp" | "udp" | "*" | undefined {
  const held = readDescriptor(socket);
  const type = process.files.get(held?.fd ?? -1)?.type;
  if (type === "SOCK_STREAM" || held?.note?.startsWith("TCP") === true) return "tcp";
  if (type === "SOCK_DGRAM" || held?.note?.startsWith("UDP") === true) return "udp";
  return type === undefined ? "*" : undefined;
}
