import { describe, expect, test } from "vitest";
import { loadUnit } from "../../../src/host/load-unit.ts";
import { type MemoryEntry, memoryTree } from "../../../src/host/memory-tree.ts";
import { indexUnits } from "../../../src/host/unit-index.ts";
import { collectNeeds } from "../../../src/needs/collect-needs.ts";
import { formatNeed } from "../../../src/needs/need-pattern.ts";
import { systemdFacts } from "../../../src/rules/systemd-facts.ts";
import { resolveSettings } from "../../../src/settings/resolve-settings.ts";
import { resolveTarget } from "../../../src/settings/resolve-target.ts";

const base: Readonly<Record<string, MemoryEntry>> = {
  "/etc/passwd": "root:x:0:0::/root:/bin/sh\nbaker:x:990:991::/nonexistent:/bin/false\n",
  "/etc/group": "root:x:0:\nbaker:x:991:\nadm:x:4:\n",
  "/usr/sbin/nginx": "\x7fELF",
  "/usr/lib/systemd/system/bakery.service": "[Service]\nExecStart=/usr/sbin/nginx\n",
};

function needsOf(entries: Readonly<Record<string, MemoryEntry>>) {
  const tree = memoryTree({ ...base, ...entries });
  const target = resolveTarget({ version: 257, scope: "system" });
  if (target.kind !== "target") throw new Error("no such target");
  const facts = systemdFacts(target.target.profile, target.target.arch);
  const unit = loadUnit(indexUnits({ tree, scope: "system", extraDirectories: [] }), "bakery.service", {});
  const { knowledge } = collectNeeds(unit, resolveSettings(unit, target.target, facts), facts, tree);
  return knowledge.needs.present;
}

const inferred = (entries: Readonly<Record<string, MemoryEntry>>, by: string) =>
  needsOf(entries)
    .filter(need => need.evidence.by === by && need.certainty === "inferred")
    .map(formatNeed);

describe("the user that a service of root becomes", () => {
  test("may write where it owns, is a group's member, or everybody may, below the places of services", () => {
    const found = inferred(
      {
        "/etc/nginx/nginx.conf": "user baker;\n",
        "/srv/uploads": { directory: true, uid: 990, gid: 0 },
        "/srv/uploads/deeper": { directory: true, uid: 990 },
        "/var/lib/crumbs/shared": { directory: true, uid: 0, gid: 991, mode: 0o775 },
        "/var/lib/crumbs/read": { directory: true, uid: 0, gid: 991, mode: 0o755 },
        "/opt/free": { directory: true, mode: 0o777 },
        "/var/tmp": { directory: true, mode: 0o1777 },
        "/var/closed": { directory: true, mode: 0o700 },
        "/var/closed/own": { directory: true, uid: 990 },
        "/usr/share/own": { directory: true, uid: 990 },
        "/usr/lib/tmpfiles.d/bakery.conf":
          "d /run/bakery 0755 baker baker -\nd /run/other 0755 root root -\n",
      },
      "filesystem",
    );
    expect(found.sort()).toEqual([
      "write:/opt/free",
      "write:/run/bakery",
      "write:/srv/uploads",
      "write:/var/lib/crumbs/shared",
    ]);
  });

  test("is the profile's where the configuration names none, and nobody where there is no such user", () => {
    const passwd = `${base["/etc/passwd"]}www-data:x:33:33::/var/www:/bin/false\n`;
    const own = { "/srv/own": { directory: true, uid: 33 } } as const;
    expect(inferred({ ...own, "/etc/passwd": passwd }, "filesystem")).toContain("write:/srv/own");
    expect(inferred(own, "filesystem")).toEqual([]);
  });

  test("is not looked for where the service has a user of its own", () => {
    const unit = "[Service]\nExecStart=/usr/sbin/nginx\nUser=baker\n";
    const found = needsOf({
      "/usr/lib/systemd/system/bakery.service": unit,
      "/etc/nginx/nginx.conf": "user root;\n",
      "/srv/uploads": { directory: true, uid: 990 },
    }).map(formatNeed);
    expect(found).toContain("write:/srv/uploads");
  });
});

describe("the package of a unit", () => {
  const list = (paths: readonly string[]) =>
    `${["/.", "/lib/systemd/system/bakery.service", ...paths].join("\n")}\n`;

  test("shows its folders and the folders of the logs that are rotated for it", () => {
    const found = inferred(
      {
        "/var/lib/dpkg/info/bakery-common:amd64.list": list([
          "/var/lib/bakery",
          "/var/lib/gone",
          "/etc/logrotate.d/bakery",
          "/usr/share/bakery",
        ]),
        "/var/lib/dpkg/info/other.list": "/.\n/var/lib/other\n/lib/systemd/system/other.service\n",
        "/var/lib/bakery": { directory: true },
        "/var/lib/other": { directory: true },
        "/etc/logrotate.d/bakery":
          '# /var/log/no\n/var/log/bakery/*.log "/var/log/bread.log" {\n  weekly\n  create 0640 baker adm\n  postrotate\n    kill $(cat /run/no)\n  endscript\n}\n/var/spool/crust/trace.log\n{\n}\n/home/x/a.log {\n}\n',
        "/var/log/bakery": { directory: true },
      },
      "filesystem",
    );
    expect(found).toEqual([
      "write:/var/lib/bakery",
      "write:/var/log/bakery",
      "write:/var/log",
      "write:/var/spool/crust",
    ]);
  });

  test("lists that cannot be read show nothing", () => {
    const withheld = { withheld: "EACCES", size: 10 };
    expect(inferred({ "/var/lib/dpkg/info/bakery.list": withheld }, "filesystem")).toEqual([]);
  });
});

describe("the command line of a service", () => {
  const unit = (line: string) => ({
    "/usr/bin/memcached": "\x7fELF",
    "/usr/lib/systemd/system/bakery.service": `[Service]\n${line}\n`,
  });
  const ports = (entries: Readonly<Record<string, MemoryEntry>>) =>
    needsOf(entries)
      .map(formatNeed)
      .filter(need => need === "bind:udp:11211");

  test("is read with the variables of the unit and of its environment files", () => {
    const start = "ExecStart=/usr/bin/memcached $OPTIONS";
    const conf = { "/etc/memcached.conf": "-m 64\n" };
    expect(ports({ ...unit(`Environment="OPTIONS=-v -U 7"\n${start}`), ...conf })).toHaveLength(1);
    const file = { "/etc/default/bakery": "OPTIONS='-v -U 7'\n" };
    expect(
      ports({ ...unit(`EnvironmentFile=-/etc/default/bakery\n${start}`), ...file, ...conf }),
    ).toHaveLength(1);
    expect(ports({ ...unit(`Environment=OPTIONS=-v\n${start}`), ...conf })).toEqual([]);
  });
});

describe("a profile's needs that depend on configuration", () => {
  const find = (entries: Readonly<Record<string, MemoryEntry>>) =>
    needsOf(entries).find(need => formatNeed(need) === "memory-wx");

  test("are certain where the configuration switches them on, with the line that does", () => {
    const found = find({
      "/etc/nginx/nginx.conf": "include modules-enabled/*.conf;\n",
      "/etc/nginx/modules-enabled/50-lua.conf": "\nload_module modules/ngx_http_lua_module.so;\n",
    });
    expect(found).toMatchObject({
      certainty: "inferred",
      evidence: { by: "config", file: "/etc/nginx/modules-enabled/50-lua.conf", line: 2 },
    });
  });

  test("are none where it does not, and assumed where there is none to read", () => {
    expect(find({ "/etc/nginx/nginx.conf": "pcre_jit off;\n" })).toBeUndefined();
    expect(find({})).toMatchObject({ certainty: "assumed", prior: "rare" });
  });
});
