/** Every probe passes on the daemon as its package ships it; without that a verdict "broken" says nothing. */
import { afterEach, describe, expect, it } from "vitest";
import { unitsOf } from "./daemons/daemon.ts";
import { daemons } from "./daemons/index.ts";
import { whyUnavailable } from "./harness/available.ts";
import type { BootedRoot } from "./harness/boot.ts";
import { bootDaemon, exposureOf, installDropIn, probe } from "./measure.ts";

const reason = whyUnavailable();
const wanted = process.env.LIVE_DAEMONS?.split(",");

describe.skipIf(reason !== undefined)(
  `daemons as shipped, on trixie${reason === undefined ? "" : `: skipped, ${reason}`}`,
  () => {
    let root: BootedRoot | undefined;
    afterEach(() => root?.stop());

    for (const daemon of daemons)
      it.skipIf(wanted !== undefined && !wanted.includes(daemon.name))(
        `${daemon.name} passes its probe`,
        async () => {
          root = await bootDaemon(daemon, "trixie");
          expect(await exposureOf(root, unitsOf(daemon, "trixie")[0] ?? "")).toBeGreaterThan(0);
          const outcome = await probe(root, daemon);
          expect(`${outcome.failedStep ?? ""}${outcome.detail ?? ""}`).toBe("");
        },
        600_000,
      );
  },
);

/** A probe that cannot fail proves nothing: each of these is known to break the daemon, and the probe must say so. */
const negative: readonly { readonly daemon: string; readonly lines: string; readonly step: RegExp }[] = [
  { daemon: "nginx", lines: "ProtectSystem=strict", step: /start/ },
  {
    daemon: "redis-server",
    lines: "SystemCallFilter=~fsync fdatasync\nSystemCallErrorNumber=EPERM",
    step: /save|append|write/,
  },
  { daemon: "postgresql", lines: "MemoryDenyWriteExecute=yes", step: /compiled/ },
  { daemon: "openssh-server", lines: "ProtectHome=yes", step: /login/ },
  { daemon: "haproxy", lines: "CapabilityBoundingSet=CAP_NET_BIND_SERVICE", step: /start/ },
  { daemon: "php-fpm", lines: "MemoryDenyWriteExecute=yes", step: /page|start/ },
  { daemon: "cron", lines: "NoNewPrivileges=yes", step: /user's table/ },
  { daemon: "dnsmasq", lines: "CapabilityBoundingSet=~CAP_NET_ADMIN CAP_NET_RAW", step: /start|lease/ },
  {
    daemon: "memcached",
    lines: "RestrictAddressFamilies=\nRestrictAddressFamilies=AF_UNIX",
    step: /start|first/,
  },
  { daemon: "ticker", lines: "MemoryDenyWriteExecute=yes", step: /start|first|state/ },
  { daemon: "order-book", lines: "ReadOnlyPaths=/opt", step: /orders are kept/ },
  { daemon: "keeper", lines: "InaccessiblePaths=/usr/bin/gzip", step: /rotation/ },
];

describe.skipIf(reason !== undefined)(
  `forced breakage is noticed${reason === undefined ? "" : `: skipped, ${reason}`}`,
  () => {
    let root: BootedRoot | undefined;
    afterEach(() => root?.stop());

    for (const { daemon: name, lines, step } of negative)
      it.skipIf(wanted !== undefined && !wanted.includes(name))(
        `${name} under ${lines.replaceAll("\n", " ")}`,
        async () => {
          const daemon = daemons.find(each => each.name === name);
          if (daemon === undefined) throw new Error(`no such daemon: ${name}`);
          root = await bootDaemon(daemon, "trixie");
          await installDropIn(root, unitsOf(daemon, "trixie")[0] ?? "", `[Service]\n${lines}\n`);
          const outcome = await probe(root, daemon);
          expect(outcome.isWorking).toBe(false);
          expect(outcome.failedStep).toMatch(step);
        },
        600_000,
      );
  },
);
