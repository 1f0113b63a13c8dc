/** Proposals for a user's units, in place under a real user's manager: all levels leave the services at work. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { whyUnavailable } from "./harness/available.ts";
import { type BootedRoot, bootRoot } from "./harness/boot.ts";
import { installTool } from "./harness/tool.ts";

const reason = whyUnavailable();

/** Each with what shows that it works, once it is started. */
const services = {
  oven: {
    lines: "ExecStart=/usr/bin/python3 -m http.server 8017 --directory %h",
    probe:
      "python3 -c 'import urllib.request; assert urllib.request.urlopen(\"http://127.0.0.1:8017/\").status == 200'",
  },
  mill: {
    lines:
      'ExecStart=/usr/bin/python3 -c \'import os,time\\nwhile 1: open(os.path.expanduser("~/loaf"),"w").write("rye"); time.sleep(0.2)\'',
    probe: "rm -f /home/baker/loaf; sleep 1; test -e /home/baker/loaf",
  },
  till: {
    lines:
      "Type=oneshot\nRemainAfterExit=yes\nStateDirectory=till\nExecStart=/bin/sh -c 'date > $STATE_DIRECTORY/book; date > $XDG_RUNTIME_DIR/open; date > /tmp/receipt'",
    probe: "test -s /home/baker/.local/state/till/book -a -s /run/user/1000/open -a -s /tmp/receipt",
  },
} as const;

describe.skipIf(reason !== undefined)(
  `units of a user${reason === undefined ? "" : `: skipped, ${reason}`}`,
  () => {
    let root: BootedRoot;
    const manager = (args: string) =>
      root.run(`runuser -u baker -- env XDG_RUNTIME_DIR=/run/user/1000 systemctl --user ${args}`);
    beforeAll(async () => {
      root = await bootRoot({ suite: "trixie", packages: ["python3", "dbus-user-session"] });
      await installTool(root);
      await root.run(
        "echo baker:x:1000:1000::/home/baker:/bin/sh >> /etc/passwd; echo baker:x:1000: >> /etc/group; mkdir -p /home/baker; chown 1000:1000 /home/baker",
      );
      // What a session of PAM sets beyond this cannot be set in a boot that is a guest of another system.
      await root.writeFile(
        "/etc/systemd/system/user@.service.d/without-pam.conf",
        "[Service]\nPAMName=\nEnvironment=XDG_RUNTIME_DIR=/run/user/%i\n",
      );
      for (const [name, { lines }] of Object.entries(services))
        await root.writeFile(`/etc/systemd/user/${name}.service`, `[Service]\n${lines}\n`);
      await root.run("systemctl daemon-reload; systemctl start user@1000.service");
    });
    afterAll(() => root?.stop());

    describe.each(["safe", "balanced", "strict"])("at %s", level => {
      it.each(Object.entries(services))("leave %s at work", async (name, { probe }) => {
        const written = await root.run(`tightunit fix ${name} --user --global --level ${level} --write`);
        expect(written.code, written.output).toBe(0);
        await root.run("rm -f /run/user/1000/open /tmp/receipt");
        await manager("daemon-reload");
        expect((await manager(`restart ${name}`)).output).toBe("");
        const works = await root.run(`for i in $(seq 20); do sleep 0.3; ${probe} && exit 0; done; exit 1`);
        expect(works.code, works.output).toBe(0);
        expect((await manager(`is-active ${name}`)).stdout).toBe("active\n");
        // `safe` finds no proof for programs that may do anything.
        expect((await manager(`show -P NoNewPrivileges ${name}`)).stdout).toBe(
          level === "safe" ? "no\n" : "yes\n",
        );
      });
    });
  },
);
