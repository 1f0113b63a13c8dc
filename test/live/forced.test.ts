/** Values that are known to break a daemon are asked for by name: try must find them among all others, and name them. */
import { afterEach, describe, expect, it } from "vitest";
import { daemons } from "./daemons/index.ts";
import { whyUnavailable } from "./harness/available.ts";
import { tryDaemon } from "./try-daemon.ts";

const reason = whyUnavailable();
/** The quick ones always; LIVE_DAEMONS names others, or `all`. */
const always = ["keeper", "memcached", "redis-server"];
const named = process.env.LIVE_DAEMONS?.split(",") ?? always;

const forced: readonly { readonly daemon: string; readonly value: string }[] = [
  { daemon: "keeper", value: "InaccessiblePaths=/usr/bin/gzip" },
  { daemon: "memcached", value: "RestrictAddressFamilies=AF_UNIX" },
  { daemon: "redis-server", value: "PrivateNetwork=yes" },
  { daemon: "order-book", value: "PrivateNetwork=yes" },
  { daemon: "ticker", value: "MemoryDenyWriteExecute=yes" },
  { daemon: "nginx", value: "CapabilityBoundingSet=CAP_NET_BIND_SERVICE" },
  { daemon: "haproxy", value: "CapabilityBoundingSet=CAP_NET_BIND_SERVICE" },
  { daemon: "unbound", value: "PrivateNetwork=yes" },
  { daemon: "mosquitto", value: "PrivateUsers=yes" },
  { daemon: "bind9", value: "ProtectSystem=strict" },
  { daemon: "lighttpd", value: "ProtectHome=yes" },
  { daemon: "uuidd", value: "InaccessiblePaths=/usr/sbin/uuidd" },
  { daemon: "postgresql", value: "MemoryDenyWriteExecute=yes" },
  { daemon: "php-fpm", value: "MemoryDenyWriteExecute=yes" },
];

describe.skipIf(reason !== undefined)(
  `a value that breaks the daemon is found${reason === undefined ? "" : `: skipped, ${reason}`}`,
  () => {
    let log = "";
    afterEach(context => {
      if (context.task.result?.state === "fail") process.stdout.write(log);
    });

    for (const { daemon: name, value } of forced)
      it.skipIf(!named.includes(name) && !named.includes("all"))(
        `${name} under ${value}`,
        async () => {
          const daemon = daemons.find(each => each.name === name);
          if (daemon === undefined) throw new Error(`no such daemon: ${name}`);
          const [outcome] = (
            await tryDaemon(daemon, "trixie", `--level strict --no-bets --with '${value}'`)
          ).values();
          log = outcome?.log ?? "";
          if (outcome?.kind !== "tried") throw new Error("no result");
          const { works, givenUp } = outcome.tried;
          expect(works).toBe(true);
          expect(givenUp.map(each => each.what)).toContain(value);
        },
        900_000,
      );
  },
);
