// Sockets, timers, paths, mounts, swaps and automounts: systemd refuses those whose lines leave nothing to wait for or to
// mount. Every line of the table is judged by the machine's own systemd as well.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { directoryTree } from "../../src/host/directory-tree.ts";
import { installedSystemd } from "../../src/host/installed-systemd.ts";
import { loadUnit } from "../../src/host/load-unit.ts";
import { indexUnits } from "../../src/host/unit-index.ts";
import { systemdFacts } from "../../src/rules/systemd-facts.ts";
import { resolveSettings } from "../../src/settings/resolve-settings.ts";
import { resolveTarget } from "../../src/settings/resolve-target.ts";
import { hasSystemdAnalyze, systemdAnalyzeNote } from "../support/systemd-analyze.ts";

const times = (directive: string, values: readonly string[]): string[] =>
  values.map(value => `${directive}=${value}`);

const sockets = [
  ...times("ListenStream", ["80", "0", "65536", "-1", "+80", "0x50", "0b101", "0o17", "080", " "]),
  ...times("ListenStream", ["/run/x", "/run//a/", "/run/../x", "/run/%n", "%Z", "/", "/run/a b", "relative"]),
  ...times("ListenStream", [`/${"a".repeat(106)}`, `/${"a".repeat(107)}`]),
  ...times("ListenStream", ["@abstract", "@", "@a b", `@${"a".repeat(106)}`, `@${"a".repeat(107)}`]),
  ...times("ListenStream", ["1.2.3.4:80", "1.2.3.4", "1.2.3.4:080", "1.2.3.4:0x50", "1.2.3.4:99999"]),
  ...times("ListenStream", ["1.2.3:80", "01.2.3.4:80", "[1.2.3.4]:80", "1.2.3.4:80 foo", "*:80"]),
  ...times("ListenStream", ["[::1]:80", "[::1]", "::1", "::1:80", "[::1]:0", "[::ffff:1.2.3.4]:80"]),
  ...times("ListenStream", ["vsock:2:1234", "vsock::1234", "vsock:1:0", "vsock:foo:1", "vsock:1"]),
  ...times("ListenStream", ["localhost:80", "foo bar", "/run/x\nListenStream=", "80\nListenStream=bad"]),
  ...times("ListenDatagram", ["80", "/run/x", "foo"]),
  ...times("ListenSequentialPacket", ["80", "/run/x", "@a", "foo"]),
  ...times("ListenFIFO", ["/run/f", "rel", "/run/../f", "%Z", "/run/f\nListenStream="]),
  ...times("ListenSpecial", ["/run/f", "rel", "/run/../f"]),
  ...times("ListenUSBFunction", ["/run/f", "rel"]),
  ...times("ListenMessageQueue", ["/mq", "mq", "/a/b"]),
  ...times("ListenNetlink", ["route", "route 5", "route 0x5", "8 1", "foo", "ROUTE", "-1"]),
  ...times("ListenNetlink", ["route -1", "route x", "route 1 2", "route 99999999999", ""]),
  ...times("ListenStream=80\nAccept", ["yes", "yes\nListenFIFO=/run/f", "yes\nListenDatagram=80", "foo"]),
  ...times("ListenStream=80\nAccept=yes\nMaxConnections", ["0", "1", "x", "-1"]),
  ...times("ListenStream=80\nAccept=yes\nService", ["a.service", "a.socket", "a", ""]),
  ...times("ListenStream=80\nSocketUser", ["a:b", "%Z", "nobody"]),
  ...times("ListenStream=80\nSymlinks", ["/a", "rel", "/a\nListenStream=/run/x"]),
  "Symlinks=/a\nListenStream=/run/x\nListenFIFO=/run/y",
  ...times("ListenStream=80\nPAMName=x\nKillMode", ["none", "mixed", "control-group"]),
  "MaxConnections=0\nListenStream=80",
];

const timers = [
  "",
  ...times("OnBootSec", ["5", "x", "", "-5", "1.5h", "5min 20s", "infinity"]),
  ...times("OnCalendar", [
    "daily",
    "Hourly",
    "quarterly",
    "foo",
    "",
    "%i",
    "@1234",
    "10:00:00/2.5",
    "*:0/15",
  ]),
  ...times("OnCalendar", [
    "Mon",
    "Mon,",
    "Mon Tue",
    "Mon..Fri 10:00",
    "Sat,Sun 20:00",
    "monday *-*-* 00:00:00",
  ]),
  ...times("OnCalendar", ["*-*-* 25:00", "24:00", "00:00:60", "12..11:00", "1..3:00", "2003-03-05 05:40"]),
  ...times("OnCalendar", ["2020-13-01", "*-02-30", "*-*-~3", "hourly UTC", "*-*-* 00:00:00 Nowhere/Town"]),
  "OnCalendar=daily\nOnBootSec=",
  "OnCalendar=foo\nOnBootSec=5",
  ...times("OnClockChange", ["yes", "no", "x"]),
  "OnTimezoneChange=true",
];

const paths = [
  "",
  ...times("PathExists", [
    "/a",
    "rel",
    "",
    "/a b",
    "/a/./b//",
    "%h/x",
    "/a\nPathChanged=",
    "a\nPathExists=/b",
  ]),
  ...times("PathExistsGlob", ["/a*", "a*"]),
  ...times("PathChanged", ["/a/../b"]),
  ...times("DirectoryNotEmpty", ["/", "%Z"]),
];

/** Names count here: each stands for a path. */
const named: Readonly<Record<string, string>> = {
  "srv.mount": "[Mount]\nWhat=/dev/sda\nWhere=/srv",
  "var-lib.mount": "[Mount]\nWhat=/dev/sda\nWhere=/var/lib/",
  "opt.mount": "[Mount]\nWhat=/dev/sda\nWhere=/other",
  "home.mount": "[Mount]\nWhat=/dev/sda",
  "a.mount": "[Mount]\nWhere=/a",
  "b.mount": "[Mount]\nWhat=%Z\nWhere=/b",
  "c.mount": "[Mount]\nWhat=/x\nWhere=rel",
  "d-e.mount": "[Mount]\nWhat=/x\nWhere=/d-e",
  "d\\x2de.mount": "[Mount]\nWhat=/x\nWhere=/d-e",
  "f.mount": "[Mount]\nWhat=/x\nPAMName=x\nKillMode=mixed",
  "-.mount": "[Mount]\nWhat=/x\nWhere=/",
  "proc.mount": "[Mount]\nWhat=/x",
  "dev-shm.mount": "[Mount]\nWhat=/x",
  "dev-mqueue.mount": "[Mount]\nWhat=/x",
  "run-lock.mount": "[Mount]\nWhat=/x",
  "run-credentials.mount": "[Mount]\nWhat=/x",
  "sys-fs-cgroup-x.mount": "[Mount]\nWhat=/x",
  "dev-sda1.swap": "[Swap]\nWhat=/dev/sda1",
  "g.swap": "[Swap]\nWhat=/other",
  "h.swap": "[Swap]\nWhat=rel",
  "i.swap": "[Swap]\n",
  "j.swap": "[Swap]\nWhat=/j/../j",
  "k.swap": "[Swap]\nWhat=/k\nPAMName=x\nKillMode=process",
  "l.automount": "[Automount]\nWhere=/l",
  "m.automount": "[Automount]\nWhere=/n",
  "-.automount": "[Automount]\nWhere=/",
  "o.slice": "[Slice]\n",
  "-.slice": "[Slice]\n",
  "p--q.slice": "[Slice]\n",
  "r-.slice": "[Slice]\n",
  "s@t.slice": "[Slice]\n",
};

const units = new Map<string, string>([
  ...sockets.map((lines, index) => [`s${index}.socket`, `[Socket]\n${lines}`] as const),
  ...timers.map((lines, index) => [`t${index}.timer`, `[Timer]\n${lines}`] as const),
  ...paths.map((lines, index) => [`p${index}.path`, `[Path]\n${lines}`] as const),
  ...Object.entries(named),
]);

const root = mkdtempSync(join(tmpdir(), "tightunit-other-types-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe.skipIf(!hasSystemdAnalyze)(`units that are no services${systemdAnalyzeNote}`, () => {
  it("are refused where the machine's systemd refuses them", () => {
    const folder = join(root, "usr/lib/systemd/system");
    mkdirSync(folder, { recursive: true });
    for (const [name, text] of units) writeFileSync(join(folder, name), `${text}\n`);
    expect(refusedByUs()).toEqual(refusedBySystemd());
  });
});

function refusedBySystemd(): readonly string[] {
  const args = ["security", "--offline=true", `--root=${root}`, "--no-pager", "--", ...units.keys()];
  const env = { PATH: process.env.PATH, LC_ALL: "C", SYSTEMD_COLORS: "0" };
  const { stdout } = spawnSync("systemd-analyze", args, { encoding: "utf8", env, maxBuffer: 1 << 26 });
  const scored = new Set([...stdout.matchAll(/exposure level for (\S+):/g)].map(match => match[1]));
  return described([...units.keys()].filter(name => !scored.has(name)));
}

function refusedByUs(): readonly string[] {
  const result = resolveTarget({ version: installedSystemd(directoryTree("/"))?.version ?? 252 });
  if (result.kind === "error") throw new Error(result.diagnostic.code);
  const { target } = result;
  const index = indexUnits({
    tree: directoryTree(root),
    scope: "system",
    extraDirectories: [],
    absoluteLinks: "ignore",
  });
  const facts = systemdFacts(target.profile, target.arch);
  const isRefused = (name: string): boolean => {
    const unit = loadUnit(index, name, { defaultInstance: "i" });
    return unit.status !== "loaded" || resolveSettings(unit, target, facts).refused !== undefined;
  };
  return described([...units.keys()].filter(isRefused));
}

/** A name alone says little where the two lists differ. */
function described(names: readonly string[]): readonly string[] {
  return names.map(name => `${name} ${JSON.stringify(units.get(name))}`);
}
