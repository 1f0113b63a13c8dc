import { describe, expect, it } from "vitest";
import { scriptWrites } from "../../src/needs/script-writes.ts";
import { loadSymbolTable } from "../../src/rules/evidence.ts";
import { hardenText } from "../harden/harden-text.ts";

const paths = (text: string) =>
  scriptWrites(text, loadSymbolTable().scripts.writes).map(({ subject, line }) => `${line} ${subject}`);

describe("the paths that a script writes", () => {
  it("stand beside a word that writes", () => {
    expect(paths('open("/etc/oven/state", "w")')).toEqual(["1 /etc/oven/state"]);
    expect(paths("mkdir -p /mnt/loaves")).toEqual(["1 /mnt/loaves"]);
    expect(paths('(with-open-file (loaf "/srv/oven/log" :direction :output))')).toEqual(["1 /srv/oven/log"]);
    expect(paths("cat /etc/oven.conf")).toEqual([]);
  });

  it("or have a name that does, in another line", () => {
    expect(paths("STATE = '/etc/oven/state'\n\nfs.writeFileSync(STATE, loaf)")).toEqual([
      "1 /etc/oven/state",
    ]);
    expect(paths("CONF = '/etc/oven.conf'\nread(CONF)\nwrite(other)")).toEqual([]);
  });

  it("are places for data that it changes to, where it may name files without a folder", () => {
    expect(paths("SHELF='/var/shelf'\nif cd $SHELF; then\n  keep loaf\nfi")).toEqual(["1 /var/shelf"]);
    expect(paths("cd /usr/libexec/oven")).toEqual([]);
  });

  it("end at what cannot be known", () => {
    expect(paths('tar -czf "/srv/backup/$(date)/etc.tar.gz" x')).toEqual(["1 /srv/backup"]);
    expect(paths("rm $HOME/loaf ./var/loaf")).toEqual([]);
  });

  it("stay writable for a service of root", () => {
    const unit = "[Service]\nExecStart=/usr/bin/python3 /opt/oven/oven.py\n";
    const files = {
      "/opt/oven/oven.py": "pathlib.Path('/etc/oven.d').mkdir()\n",
      "/etc": { directory: true as const },
    };
    expect(hardenText(unit, { files }).lines).toContain("ProtectSystem=yes");
    expect(hardenText(unit).lines).toContain("ProtectSystem=full");
  });

  it("count from the folder that the shell text or the unit has gone to", () => {
    const written = (unit: string, script = "") => {
      const files = {
        "/opt/oven/bin/run.sh": { content: `#!/bin/sh\n${script}`, mode: 0o755 },
        "/usr/lib/oven/logs": { directory: true as const },
      };
      const { lines } = hardenText(`[Service]\n${unit}\n`, { files, level: "strict" });
      return lines.filter(line => line.startsWith("ReadWritePaths="));
    };
    expect(written("ExecStart=/bin/sh -c 'cd /opt/oven && date >> out.log'")).toEqual([
      "ReadWritePaths=-/opt/oven",
    ]);
    expect(written("WorkingDirectory=/usr/lib/oven\nExecStart=/bin/sh -c 'cd logs; touch beat'")).toEqual([
      "ReadWritePaths=-/usr/lib/oven/logs",
    ]);
    expect(written("ExecStart=/opt/oven/bin/run.sh", 'cd "$(dirname "$0")"\nmkdir -p loaves\n')).toEqual([
      "ReadWritePaths=-/opt/oven/bin",
    ]);
    expect(written("ExecStart=/opt/oven/bin/run.sh", 'cd "$OVEN"\ntouch beat\n')).toEqual([]);
    expect(written("WorkingDirectory=/opt/oven\nExecStart=/usr/bin/ovend")).toEqual([
      "ReadWritePaths=-/opt/oven",
    ]);
    expect(written("WorkingDirectory=/usr/share/oven\nExecStart=/usr/bin/ovend")).toEqual([]);
  });

  it("are those of redirections too", () => {
    const unit = "[Service]\nType=oneshot\nExecStart=/bin/sh -c 'date >> /etc/oven/log'\n";
    const { lines } = hardenText(unit, { files: { "/etc/oven": { directory: true as const } } });
    expect(lines).toContain("ReadWritePaths=-/etc/oven");
  });
});
