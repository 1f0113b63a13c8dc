import { describe, expect, test } from "vitest";
import type { FileTree } from "../../../src/host/file-tree.ts";
import { type MemoryEntry, memoryTree } from "../../../src/host/memory-tree.ts";
import { judgeConditions } from "../../../src/needs/config/conditions.ts";
import { configNeeds } from "../../../src/needs/config/config-needs.ts";
import { readConfig } from "../../../src/needs/config/read-config.ts";
import { formatNeed } from "../../../src/needs/need-pattern.ts";
import type { Condition, ConfigFile } from "../../../src/rules/profiles.ts";

const passwd = "root:x:0:0:root:/root:/bin/sh\nbaker:x:990:990::/srv/bakery:/bin/false\n";
const rules: readonly ConfigFile[] = [
  {
    path: "/etc/oven/oven.conf",
    syntax: "words",
    includes: ["include"],
    variables: ["/etc/oven/vars"],
    keys: [
      { key: "user", as: "user" },
      { key: "log", as: "write-file" },
      { key: "listen", as: "listen" },
      { key: "sink", as: "command" },
      { key: "peer", as: "peer" },
      { key: "shelf", as: "write-directory", when: [{ key: "upload", value: "^on$" }] },
      { key: "jit", as: "enables", need: "memory-wx", value: "^on$" },
    ],
  },
];

const machine = (entries: Readonly<Record<string, MemoryEntry>>) =>
  memoryTree({ "/etc/passwd": passwd, ...entries });

function judge(condition: Condition, tree: FileTree | undefined, args: readonly string[] = []) {
  const reading = tree === undefined ? undefined : readConfig(rules, args, tree);
  const argsEvidence = { by: "unit", detail: "ExecStart=" };
  return judgeConditions([condition], {
    tree,
    reading,
    args,
    argsEvidence,
    isRoot: false,
    program: "ovend",
    isAtHome: undefined,
  }).kind;
}

const needsOf = (tree: FileTree, isRoot = true) => {
  const reading = readConfig(rules, [], tree);
  const found = configNeeds(reading, isRoot, conditions =>
    judgeConditions(conditions, {
      tree,
      reading,
      args: [],
      argsEvidence: { by: "unit", detail: "" },
      isRoot,
      program: "ovend",
      isAtHome: undefined,
    }),
  );
  return {
    needs: found.needs.map(formatNeed),
    users: found.users,
    evidence: found.needs.map(n => n.evidence),
  };
};

describe("conditions of a profile", () => {
  const jit: Condition = { key: "jit", value: "^on$" };

  test("hold where a file of a whole system says so, and not where it does not", () => {
    expect(judge(jit, machine({ "/etc/oven/oven.conf": "jit on\n" }))).toBe("yes");
    expect(judge(jit, machine({ "/etc/oven/oven.conf": "#jit on\njit off\n" }))).toBe("no");
  });

  test("are unknown without a file system, without the file, and in a package", () => {
    expect(judge(jit, undefined)).toBe("unknown");
    expect(judge(jit, machine({}))).toBe("unknown");
    expect(judge(jit, memoryTree({ "/etc/oven/oven.conf": "jit off\n" }))).toBe("unknown");
  });

  test("are unknown where a part of the configuration cannot be read or resolved", () => {
    const withheld = { withheld: "EACCES", size: 7 };
    const more = "include /etc/oven/more.conf\n";
    expect(judge(jit, machine({ "/etc/oven/oven.conf": more, "/etc/oven/more.conf": withheld }))).toBe(
      "unknown",
    );
    expect(judge(jit, machine({ "/etc/oven/oven.conf": "include $ELSEWHERE/x\n" }))).toBe("unknown");
    expect(judge(jit, machine({ "/etc/oven/oven.conf": "a\0b\n" }))).toBe("unknown");
  });

  test("ask included files, by pattern, folder and relative name, and files that the command line names", () => {
    const parts = { "/etc/oven/conf.d/a.conf": "", "/etc/oven/conf.d/z.conf": "jit on\n" };
    for (const include of ["/etc/oven/conf.d/*.conf", "conf.d", "conf.d/z.conf"]) {
      const tree = machine({ "/etc/oven/oven.conf": `include ${include}\n`, ...parts });
      expect(judge(jit, tree), include).toBe("yes");
    }
    const other = machine({ "/srv/oven.conf": "jit on\n" });
    expect(judge(jit, other, ["--config=/srv/oven.conf"])).toBe("yes");
    expect(judge(jit, other, ["-c", "/srv/gone.conf"])).toBe("unknown");
  });

  test("know what is not set, what is possible, and what belongs together", () => {
    const tree = machine({ "/etc/oven/oven.conf": "heat 220\n" });
    expect(judge({ key: "jit", unset: true }, tree)).toBe("yes");
    expect(judge({ key: "heat", unset: true }, tree)).toBe("no");
    expect(judge({ key: "jit", unset: true }, machine({}))).toBe("unknown");
    expect(judge({ key: "heat", may: true }, tree)).toBe("unknown");
    expect(judge({ key: "jit", may: true }, tree)).toBe("no");
    expect(judge({ key: "heat", exists: "/usr/lib/oven/*.so" }, tree)).toBe("no");
  });

  test("ask for files, arguments and root", () => {
    const tree = machine({ "/usr/lib/oven/jit.so": "" });
    expect(judge({ exists: "/usr/lib/oven/*.so" }, tree)).toBe("yes");
    expect(judge({ exists: "/usr/lib/crust/*" }, tree)).toBe("no");
    expect(judge({ exists: "/usr/lib/crust/*" }, memoryTree({}))).toBe("unknown");
    expect(judge({ argument: "^-k$" }, undefined, ["-k"])).toBe("yes");
    expect(judge({ argument: "^-k$" }, undefined, ["-v"])).toBe("no");
    expect(judge({ argument: "^-k$" }, undefined, ["$OPTIONS"])).toBe("unknown");
    expect(judge({ root: true }, undefined)).toBe("no");
    expect(judge({ program: "oven*" }, undefined)).toBe("yes");
    expect(judge({ program: "crustd" }, undefined)).toBe("no");
    expect(judge({ home: true }, undefined)).toBe("unknown");
  });
});

describe("needs of a configuration", () => {
  test("say what a program writes, listens on, runs, talks to and becomes, with file and line", () => {
    const tree = machine({
      "/etc/oven/vars": "export LOGS=/var/log/oven$SUFFIX\nSUFFIX=-2\n",
      "/etc/oven/oven.conf":
        "user baker\nlog ${LOGS}/bread.log\nlisten [::]:843 ssl\nlisten unix:/run/oven/door.sock\nsink '/usr/bin/gzip > /srv/archive/%f'\npeer 10.9.8.7:514\njit on\ncert /home/baker/cert.pem\nprobe /dev/ttyUSB3\nlog /dev/null\n",
    });
    const { needs, users, evidence } = needsOf(tree);
    expect(users).toEqual(["baker"]);
    expect(needs).toEqual([
      "switch-user",
      "write:/var/log/oven-2/bread.log",
      "family:AF_INET6",
      "bind:tcp:843",
      "network",
      "family:AF_UNIX",
      "write:/run/oven",
      "exec:/usr/bin/gzip",
      "write:/srv/archive",
      "family:AF_INET",
      "peer:10.9.8.7",
      "network",
      "memory-wx",
      "read:/home/baker/cert.pem",
      "device:/dev/ttyUSB3",
    ]);
    expect(evidence[3]).toEqual({
      by: "config",
      file: "/etc/oven/oven.conf",
      line: 3,
      detail: "listen [::]:843 ssl",
    });
  });

  test("keep to the conditions of a key, and do not change the user of a service that is not root", () => {
    const shelf = "shelf /srv/shelf\n";
    expect(needsOf(machine({ "/etc/oven/oven.conf": shelf })).needs).toEqual([]);
    expect(needsOf(machine({ "/etc/oven/oven.conf": `${shelf}upload on\n` })).needs).toEqual([
      "write:/srv/shelf",
    ]);
    expect(needsOf(machine({ "/etc/oven/oven.conf": "user baker\n" }), false).needs).toEqual([]);
  });

  test.each<[string, readonly string[]]>([
    ["listen 8080", ["family:AF_INET", "family:AF_INET6", "bind:tcp:8080", "network"]],
    ["listen *:53 udp", ["family:AF_INET", "family:AF_INET6", "bind:udp:53", "network"]],
    ["listen 127.0.0.1 -::1", ["family:AF_INET", "family:AF_INET6"]],
    ["listen localhost:9", ["family:AF_INET", "family:AF_INET6", "bind:tcp:9"]],
    ["listen inet:8891@localhost", ["family:AF_INET", "family:AF_INET6", "bind:tcp:8891"]],
    ["listen 5000-5010", ["family:AF_INET", "family:AF_INET6", "bind:tcp:5000-5010", "network"]],
    ["listen /run/oven/a.sock mode 660", ["family:AF_UNIX", "write:/run/oven"]],
    ["listen :443 ssl crt /etc/oven/a.pem", ["family:AF_INET", "family:AF_INET6", "bind:tcp:443", "network"]],
    ["listen 0", []],
    ["listen 99999", []],
    ["listen off", []],
    ["log -/var/log/a", ["write:/var/log/a"]],
    ["log daemon:/var/log/a", ["write:/var/log/a"]],
    ["log '|/usr/bin/turn /var/log/a/%d'", ["write:/var/log/a", "exec:/usr/bin/turn"]],
    ["log /../../srv/./a//b", ["write:/srv/a/b"]],
    ["log /var/run/oven.log", ["write:/run/oven.log"]],
    ["log /srv/$host/a.log", ["write:/srv"]],
    ["log /$host", []],
    ["log crumbs", []],
  ])("%s", (line, expected) => {
    expect(needsOf(machine({ "/etc/oven/oven.conf": `${line}\n` })).needs).toEqual(expected);
  });
});

describe("hostile configuration", () => {
  test("includes that loop, climb or lead nowhere end, and what they hold is read once", () => {
    const tree = machine({
      "/etc/oven/oven.conf":
        "include oven.conf\ninclude /etc/oven\ninclude ../../../../../etc/loop\ninclude /srv/*/*/*\nlog /var/log/once\n",
      "/etc/loop": { link: "/etc/loop" },
      "/etc/oven/back": { link: "../oven" },
    });
    expect(needsOf(tree).needs).toEqual(["write:/var/log/once"]);
  });

  test("a chain of includes has an end, and then nothing is known to be absent", () => {
    const chain = Array.from({ length: 40 }, (_, at) => [`/etc/oven/${at}`, `include /etc/oven/${at + 1}\n`]);
    const tree = machine({ "/etc/oven/oven.conf": "include /etc/oven/0\n", ...Object.fromEntries(chain) });
    expect(readConfig(rules, [], tree).files.length).toBeLessThan(12);
    expect(judge({ key: "jit" }, tree)).toBe("unknown");
  });

  test("thousands of files, devices and large files are bounded", () => {
    const many = Array.from({ length: 2000 }, (_, at) => [`/etc/oven/d/${at}`, "log /var/log/a\n"]);
    const tree = machine({
      "/etc/oven/oven.conf": "include d\n",
      "/etc/oven/d/pipe": { other: true },
      "/etc/oven/d/disk": { device: true },
      ...Object.fromEntries(many),
    });
    const reading = readConfig(rules, [], tree);
    expect(reading.files.length).toBeLessThanOrEqual(500);
    expect(reading.isComplete).toBe(false);
    const large = machine({ "/etc/oven/oven.conf": "a".repeat(3 * 1024 * 1024) });
    expect(readConfig(rules, [], large)).toMatchObject({ settings: [], isComplete: false });
  });

  test("addresses and paths of any length are looked at in no time", () => {
    const words = [":", "1.", "a:", "/", "[", "-", "|", "$", "/;"].map(part =>
      part.repeat(4000 / part.length),
    );
    const lines = words.flatMap(word =>
      ["listen", "peer", "log", "sink"].map(key => `${key} ${word}x\n${key} /${word}\n`),
    );
    const tree = machine({ "/etc/oven/oven.conf": lines.join("").repeat(3) });
    const start = process.cpuUsage();
    needsOf(tree);
    expect(process.cpuUsage(start).user / 1000).toBeLessThan(2000);
  });

  test("variables that double themselves stay small", () => {
    const vars = Array.from({ length: 30 }, (_, at) => `V${at}="$V${at + 1}$V${at + 1}$V${at + 1}"`).join(
      "\n",
    );
    const tree = machine({
      "/etc/oven/vars": `${vars}\nV2=${"x".repeat(4000)}`,
      "/etc/oven/oven.conf": `log /${"$V0".repeat(900)}\n`,
    });
    for (const { values } of readConfig(rules, [], tree).settings)
      for (const value of values) expect(value.length).toBeLessThanOrEqual(4096);
  });
});
