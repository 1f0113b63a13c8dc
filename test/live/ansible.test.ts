/** The Ansible role, by a real ansible-playbook over ssh against booted hosts. */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { whyUnavailable } from "./harness/available.ts";
import { type BootedRoot, bootRoot } from "./harness/boot.ts";
import { repositoryRoot } from "./harness/paths.ts";
import { installTool } from "./harness/tool.ts";

const has = (program: string): boolean => spawnSync(program, ["--version"]).error === undefined;
const reason =
  whyUnavailable() ??
  ["ansible-playbook", "ssh", "ssh-keygen"].filter(each => !has(each)).map(each => `needs ${each}`)[0];

const contrib = join(repositoryRoot(), "contrib", "ansible");
const names = ["web-1", "web-2", "web-3"] as const;
type Name = (typeof names)[number];
const dropIn = "/etc/systemd/system/bakery.service.d/50-tightunit.conf";
const bakery = "[Service]\nExecStart=/bin/sh -c 'while :; do date > /var/loaf; sleep 0.2; done'\n";

interface Play {
  readonly code: number;
  readonly output: string;
  /** "changed" and its like of each host, from the recap. */
  readonly recap: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

describe.skipIf(reason !== undefined)(
  `the Ansible role${reason === undefined ? "" : `: skipped, ${reason}`}`,
  () => {
    const folder = mkdtempSync(join(tmpdir(), "tightunit-ansible-"));
    const boots = new Map<Name, BootedRoot>();
    const boot = (name: Name): BootedRoot => {
      const found = boots.get(name);
      if (found === undefined) throw new Error(`${name} is not booted`);
      return found;
    };

    beforeAll(async () => {
      const key = join(folder, "key");
      execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", key]);
      const hosts: Record<string, object> = {};
      for (const name of names) {
        // Modules of an older ansible do not run on trixie's Python.
        const root = await bootRoot({
          suite: "bookworm",
          packages: ["openssh-server", "python3-minimal", "python3-apt"],
        });
        boots.set(name, root);
        await installTool(root);
        await root.writeFile("/root/.ssh/authorized_keys", readFileSync(`${key}.pub`), 0o600);
        await root.writeFile("/etc/systemd/system/bakery.service", bakery);
        await root.run(
          "mkdir -p /run/sshd && ssh-keygen -A && systemctl daemon-reload && systemctl start bakery",
        );
        // The hosts have networks of their own: ssh reaches them through a server that it starts inside.
        const proxy = `nsenter --target ${root.pid} --all /usr/sbin/sshd -i`;
        hosts[name] = { ansible_ssh_common_args: `-o ProxyCommand="${proxy}"` };
      }
      writeFileSync(
        join(folder, "inventory.json"),
        JSON.stringify({
          all: {
            hosts,
            vars: {
              ansible_user: "root",
              ansible_become: false,
              ansible_ssh_private_key_file: key,
              ansible_python_interpreter: "/usr/bin/python3",
              tightunit_collect_to: join(folder, "collected"),
              tightunit_options: ["--systemd", "252"],
              tightunit_serial: 1,
              tightunit_services: [
                {
                  unit: "bakery.service",
                  only: ["ProtectHome", "ProtectClock"],
                  level: "strict",
                  probe: "test ! -e /ill",
                },
              ],
            },
          },
        }),
      );
    });
    afterAll(() => {
      for (const each of boots.values()) each.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    const play = (playbook: string, ...options: readonly string[]): Promise<Play> =>
      new Promise((resolve, reject) => {
        const args = ["-i", join(folder, "inventory.json"), join(contrib, "playbooks", playbook), ...options];
        const child = spawn("ansible-playbook", args, {
          cwd: contrib,
          env: {
            ...process.env,
            LC_ALL: "C.UTF-8",
            ANSIBLE_HOST_KEY_CHECKING: "false",
            ANSIBLE_NOCOLOR: "1",
            ANSIBLE_LOCAL_TEMP: join(folder, "local"),
            ANSIBLE_SSH_ARGS:
              "-o ControlMaster=auto -o ControlPersist=10s -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR",
            ANSIBLE_SSH_CONTROL_PATH_DIR: join(folder, "ssh"),
            ANSIBLE_PIPELINING: "1",
          },
          stdio: ["ignore", "pipe", "pipe"],
        });
        let output = "";
        child.stdout.on("data", (data: Buffer) => {
          output += data;
        });
        child.stderr.on("data", (data: Buffer) => {
          output += data;
        });
        child.on("error", reject);
        child.on("close", code => {
          const lines = output.matchAll(/^(web-\d)\s+: (.*)$/gm);
          const recap = Object.fromEntries(
            [...lines].map(([, name = "", counts = ""]) => [
              name,
              Object.fromEntries(
                [...counts.matchAll(/(\w+)=(\d+)/g)].map(([, word, count]) => [word, Number(count)]),
              ),
            ]),
          );
          resolve({ code: code ?? 1, output, recap });
        });
      });
    const hasDropIn = async (name: Name): Promise<boolean> =>
      (await boot(name).run(`test -e ${dropIn}`)).code === 0;
    const counts = ({ recap }: Play, word: string): readonly (number | undefined)[] =>
      names.map(name => recap[name]?.[word]);

    it("audits the hosts and fetches their audits, and changes nothing the second time", async () => {
      const first = await play("audit.yml");
      expect(first.output).not.toMatch(/\[WARNING\]|\[ERROR\]/);
      expect(first.code).toBe(0);
      expect(readdirSync(join(folder, "collected"))).toEqual(names.map(name => `${name}.ndjson`));
      const [line = ""] = readFileSync(join(folder, "collected", "web-2.ndjson"), "utf8").split("\n");
      expect(JSON.parse(line).host).toBe("web-2");
      expect(counts(await play("audit.yml"), "changed")).toEqual([0, 0, 0]);
    });

    it("only says what it would put in place where it is to check", async () => {
      const checked = await play("rollout.yml", "--check", "-e", "tightunit_serial=3");
      expect(checked.code).toBe(0);
      expect(counts(checked, "changed")).toEqual([1, 1, 1]);
      for (const name of names) expect(await hasDropIn(name)).toBe(false);
    });

    it("stops the rollout at the host whose service does not bear it, which is then as it was", async () => {
      await boot("web-2").run("touch /ill");
      const stopped = await play("rollout.yml");
      expect(stopped.code).not.toBe(0);
      expect(stopped.recap["web-1"]).toMatchObject({ changed: 1, failed: 0 });
      expect(stopped.recap["web-2"]).toMatchObject({ changed: 0, failed: 1 });
      expect(stopped.recap["web-3"]).toBeUndefined();
      expect([await hasDropIn("web-1"), await hasDropIn("web-2"), await hasDropIn("web-3")]).toEqual([
        true,
        false,
        false,
      ]);
      expect((await boot("web-2").systemctl("is-active", "bakery")).stdout.trim()).toBe("active");
    });

    it("goes on where it stopped, and changes nothing once all is in place", async () => {
      await boot("web-2").run("rm /ill");
      const resumed = await play("rollout.yml");
      expect(resumed.output).not.toMatch(/\[WARNING\]|\[ERROR\]/);
      expect(resumed.code).toBe(0);
      expect(counts(resumed, "changed")).toEqual([0, 1, 1]);
      expect(counts(await play("rollout.yml"), "changed")).toEqual([0, 0, 0]);
      expect((await boot("web-3").systemctl("show", "-P", "ProtectHome", "bakery")).stdout.trim()).not.toBe(
        "no",
      );
    });

    it("gates: passes and fails with the hosts' units", async () => {
      const units = ["--limit", "web-1", "-e", '{"tightunit_units":["bakery.service"]}'];
      expect((await play("gate.yml", ...units, "-e", "tightunit_max_exposure=10.0")).code).toBe(0);
      writeFileSync(join(folder, "gate.conf"), "[gate]\nmax-exposure = 1.0\n");
      const failed = await play("gate.yml", ...units, "-e", `tightunit_config=${join(folder, "gate.conf")}`);
      expect(failed.code).not.toBe(0);
      expect(failed.output).toContain("above the 1.0 that the policy allows here");
    });

    it("reverts, once", async () => {
      expect(counts(await play("revert.yml"), "changed")).toEqual([1, 1, 1]);
      for (const name of names) expect(await hasDropIn(name)).toBe(false);
      expect(counts(await play("revert.yml"), "changed")).toEqual([0, 0, 0]);
    });
  },
);
