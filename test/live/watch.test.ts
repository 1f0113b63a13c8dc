/** `tightunit watch` and `explain-failure` beside real services whose drop-in takes something away. */
import { afterEach, describe, expect, it } from "vitest";
import { daemons } from "./daemons/index.ts";
import { whyUnavailable } from "./harness/available.ts";
import type { BootedRoot } from "./harness/boot.ts";
import { installTool } from "./harness/tool.ts";
import { bootDaemon, installDropIn } from "./measure.ts";

const reason = whyUnavailable();
const skipped = reason === undefined ? "" : `: skipped, ${reason}`;
const wanted = process.env.LIVE_DAEMONS?.split(",");

/** What is forced, and the line that both commands must give for it. */
const forced: readonly {
  readonly daemon: string;
  readonly unit: string;
  readonly lines: string;
  readonly add: RegExp;
}[] = [
  {
    daemon: "nginx",
    unit: "nginx.service",
    lines: "ProtectSystem=strict",
    add: /^ReadWritePaths=\/run$/m,
  },
  {
    daemon: "nginx",
    unit: "nginx.service",
    lines: "CapabilityBoundingSet=~CAP_NET_BIND_SERVICE",
    add: /^CapabilityBoundingSet=CAP_NET_BIND_SERVICE$/m,
  },
  {
    daemon: "nginx",
    unit: "nginx.service",
    lines: "ReadWritePaths=/var/lib/missing",
    add: /^ReadWritePaths=-\/var\/lib\/missing$/m,
  },
  {
    daemon: "memcached",
    unit: "memcached.service",
    lines: "RestrictAddressFamilies=\nRestrictAddressFamilies=AF_UNIX",
    add: /^RestrictAddressFamilies=AF_INET AF_INET6/m,
  },
];

describe.skipIf(reason !== undefined)(`failures of running services are explained${skipped}`, () => {
  let root: BootedRoot | undefined;
  afterEach(() => root?.stop());

  for (const { daemon: name, unit, lines, add } of forced)
    it.skipIf(wanted !== undefined && !wanted.includes(name))(
      `${name} under ${lines.replaceAll("\n", " ")}`,
      async () => {
        const daemon = daemons.find(each => each.name === name);
        if (daemon === undefined) throw new Error(`no such daemon: ${name}`);
        root = await bootDaemon(daemon, "trixie");
        await installTool(root);
        await installDropIn(root, unit, `[Service]\n${lines}\n`);
        await root.systemctl("daemon-reload");
        const watched = await root.run(
          `tightunit watch ${unit} --for 12s > /root/watched 2> /root/said & W=$!; until grep -q watching /root/said; do sleep 0.2; done; systemctl restart ${unit}; wait $W`,
        );
        const { stdout } = await root.run("cat /root/watched");
        expect(`${watched.code} ${stdout}`).toMatch(/^1 /);
        expect(stdout).toMatch(add);
        const explained = await root.run(
          `journalctl -o json -u ${unit} | tightunit explain-failure ${unit} --journal -`,
        );
        expect(`${explained.code} ${explained.stderr}`).toBe("1 ");
        expect(explained.stdout).toMatch(add);
      },
      300_000,
    );
});
