import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { numberOf } from "../../../src/host/read-lines.ts";
import { formatNeed } from "../../../src/needs/need-pattern.ts";
import { parseStrace, straceParser, type TraceCall } from "../../../src/needs/trace/strace.ts";
import { traceCollector } from "../../../src/needs/trace/trace-needs.ts";
import { type Bench, compile, reason } from "./compile.ts";

const source = readFileSync(join(import.meta.dirname, "../../../fixtures/traces/oven.c"), "utf8");

function calls(lines: readonly string[]): readonly TraceCall[] {
  return parseStrace(lines).flatMap(record => (record.kind === "call" ? [record] : []));
}

describe.skipIf(reason !== "")(`the output of the real strace${reason === "" ? "" : ` (${reason})`}`, () => {
  let bench: Bench;
  beforeAll(() => {
    bench = compile(source);
  });
  afterAll(() => bench.remove());

  const inFiles = [
    [],
    ["-y"],
    ["-yy"],
    ["-Y", "-tt", "-T"],
    ["-t"],
    ["-ttt", "-r"],
    ["-r"],
    ["-e", "raw=all"],
    ["-x"],
    ["-xx"],
    ["-X", "raw"],
    ["-X", "verbose"],
    ["-s", "5", "-i"],
    ["-n", "-i", "-tt"],
    ["-v"],
    ["-a", "1", "-s", "1000"],
    ["-y", "-e", "write=all", "-e", "read=all"],
    ["-C"],
    ["--decode-pids=pidns"],
  ];

  it.each(inFiles.map(options => [options.join(" "), options] as const))(
    "is understood whole with -f %s",
    (_, options) => {
      const [file] = bench.run(["-f", ...options], "file");
      const parser = straceParser();
      const names = new Map<string, number>();
      for (const record of [...(file?.lines ?? []).flatMap(line => parser.push(line)), ...parser.finish()])
        if (record.kind === "call") names.set(record.name, (names.get(record.name) ?? 0) + 1);
      expect(parser.counts().notUnderstood).toBe(0);
      // What the program asks for itself is the same in every run.
      expect(
        ["mkdir", "renameat", "bind", "connect", "fork", "personality", "mprotect"].map(
          name => names.get(name) ?? 0,
        ),
      ).toEqual([2, 1, 2, 1, 0, 1, names.get("mprotect")]);
      expect(names.get("execve")).toBe(2);
    },
  );

  it.each(inFiles.map(options => [options.join(" "), options] as const))(
    "is understood whole on a terminal, where messages break lines, with -f %s",
    (_, options) => {
      const [terminal] = bench.run(["-f", ...options], "terminal");
      const parser = straceParser();
      for (const line of terminal?.lines ?? []) parser.push(line);
      parser.finish();
      expect(parser.counts().notUnderstood).toBe(0);
    },
  );

  it("shows the same needs whatever the options are", () => {
    const needs = (options: readonly string[], output: "file" | "terminal" | "files") => {
      const collector = traceCollector({ isRoot: true });
      for (const { name, lines } of bench.run(options, output)) {
        const parser = straceParser(output === "files" ? numberOf(name) : 0);
        for (const line of lines) for (const record of parser.push(line)) collector.add(record, name);
        for (const record of parser.finish()) collector.add(record, name);
      }
      const { present, unresolved } = collector.finish();
      expect(unresolved).toBe(0);
      return present
        .filter(({ kind }) => kind !== "syscall")
        .map(formatNeed)
        .sort();
    };
    const plain = needs(["-f", "-y"], "file");
    expect(plain).toEqual(
      expect.arrayContaining([
        "family:AF_INET",
        "family:AF_INET6",
        "family:AF_UNIX",
        "bind:tcp:18080",
        "peer:::1",
        "memory-wx",
        "network",
        "other-processes",
        "proc-files",
        `write:${bench.folder}`,
        "exec:/usr/bin/true",
      ]),
    );
    expect(plain).not.toContain("kernel-tunables");
    expect(plain.filter(need => need.startsWith("write:"))).toEqual([`write:${bench.folder}`]);
    expect(needs(["-f", "-yy"], "file")).toEqual(plain);
    expect(needs(["-f", "-y", "-xx", "-tt"], "file")).toEqual(plain);
    expect(needs(["-f", "-y", "-X", "verbose"], "file")).toEqual(plain);
    expect(needs(["-f", "-y"], "terminal")).toEqual(plain);
    expect(needs(["-ff", "-y"], "files")).toEqual(plain);
    // Addresses are bytes there, and IPv6 ones are not read.
    expect(needs(["-f", "-y", "-X", "raw"], "file")).toEqual(plain.filter(need => !need.startsWith("peer:")));
  });

  it("reads what the program really passed", () => {
    const [file] = bench.run(["-f"], "file");
    const opened = calls(file?.lines ?? []).find(call => call.args.includes("rye"));
    expect(opened).toMatchObject({ name: "openat", result: { kind: "value" } });
    expect(opened?.args).toBe(String.raw`AT_FDCWD, "tray/rye \"dark\"\n\377", O_RDWR|O_CREAT, 0644`);
  });
});

describe("lines of strace", () => {
  it.each([
    ["1234 getpid() = 1234", 1234, "getpid", { kind: "value", value: 1234 }],
    ["[pid    12] close(3)                          = 0", 12, "close", { kind: "value", value: 0 }],
    [
      '[pid 32559<a b>] 15:51:31.892826 mkdir("d", 0755) = 0 <0.000143>',
      32559,
      "mkdir",
      { kind: "value", value: 0 },
    ],
    [
      '1795449092.974571 (+     0.000054) mkdir("d", 0755) = -1 EROFS (Read-only file system)',
      0,
      "mkdir",
      { kind: "error", errno: "EROFS" },
    ],
    ['7 openat(AT_FDCWD, "/a", O_RDONLY) = 3</tmp/x) = 5>', 7, "openat", { kind: "value", value: 3 }],
    ['7 write(1, "x) = 9", 6) = 6', 7, "write", { kind: "value", value: 6 }],
    ["7 mmap(NULL, 4096, 0x3, 0x22, -1, 0) = 0x7fafdeb0b000", 7, "mmap", { kind: "value" }],
    ["7 open(0x55aa02dec004, 0x42) = -1 (errno 30)", 7, "open", { kind: "error", errno: "errno 30" }],
    ["7 exit_group(0) = ?", 7, "exit_group", { kind: "none" }],
    [
      "7 accept4(3, 0x1, [16], 0) = ? ERESTARTSYS (To be restarted if SA_RESTART is set)",
      7,
      "accept4",
      { kind: "none" },
    ],
    ["7 fcntl(3, F_GETFL) = 0x8402 (flags O_RDWR|O_APPEND)", 7, "fcntl", { kind: "value", value: 0x8402 }],
  ] as const)("%s", (line, pid, name, result) => {
    expect(calls([line])).toMatchObject([{ pid, name, result }]);
  });

  it("puts interrupted calls together, across the exit of another thread", () => {
    expect(
      calls([
        '10 openat(AT_FDCWD, "/etc/oven",  <unfinished ...>',
        "11 +++ exited with 0 +++",
        "10 <... openat resumed>O_RDONLY) = 3",
      ]),
    ).toMatchObject([{ pid: 10, name: "openat", args: 'AT_FDCWD, "/etc/oven", O_RDONLY', line: 1 }]);
  });

  it("keeps calls that never returned", () => {
    expect(calls(["10 accept4(3,  <unfinished ...>", "10 +++ killed by SIGKILL +++"])).toMatchObject([
      { name: "accept4", result: { kind: "none" } },
    ]);
    expect(calls(["10 pause( <detached ...>"])).toMatchObject([{ name: "pause", result: { kind: "none" } }]);
  });

  it("follows a thread that executes a program to the number of its process", () => {
    expect(
      calls([
        '12 execve("/bin/true", ["true"], 0x1 /* 2 vars */ <unfinished ...>',
        "11 +++ superseded by execve in pid 12 +++",
        "11 <... execve resumed>) = 0",
      ]),
    ).toMatchObject([{ pid: 11, name: "execve", result: { kind: "value", value: 0 } }]);
  });

  it("tells programs of another table of calls", () => {
    expect(parseStrace(["[ Process PID=12 runs in 32 bit mode. ]"])).toMatchObject([{ kind: "foreign" }]);
  });

  it("counts lines that are none, and says which was the first", () => {
    const parser = straceParser();
    for (const line of ["1 getpid() = 1", "nonsense", "", "more", "1 <... read resumed> broken"])
      parser.push(line);
    expect(parser.counts()).toEqual({ lines: 5, notUnderstood: 3, firstNotUnderstood: 2 });
  });

  it("survives anything", () => {
    const piece = fc.constantFrom(
      "1 ",
      "[pid 2] ",
      "open(",
      '"',
      "\\",
      "{",
      "}",
      "<",
      ">",
      ")",
      " = ",
      "0",
      "3</x>",
      "<unfinished ...>",
      "<... open resumed>",
      "strace: Process 3 attached",
      "AT_FDCWD",
      "|",
      ",",
      "clone(",
      "/* ",
      " */",
      "+++ exited with 0 +++",
      "--- ",
    );
    const line = fc.oneof(
      fc.array(piece, { maxLength: 12 }).map(parts => parts.join("")),
      fc.string({ unit: "binary" }),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 30 }), lines => {
        const collector = traceCollector({ isRoot: true });
        for (const record of parseStrace(lines)) collector.add(record, "-");
        collector.finish();
      }),
      { numRuns: 300 },
    );
  });

  it("takes time in proportion to its input", () => {
    const hostile = [
      "(",
      "<",
      '"',
      "\\",
      "{",
      "a(",
      " = ",
      ") = ",
      "/*",
      "<... a resumed>",
      "1<",
      "[pid 1<",
      "( = 0",
      "3<3<",
      "strace: Process 1 attached",
    ];
    for (const text of hostile) {
      const start = performance.now();
      const parser = straceParser();
      const collector = traceCollector({ isRoot: true });
      const line = `1 open(${text.repeat(Math.floor(500_000 / text.length))}`;
      for (const each of [
        line,
        `${line} = 0`,
        `${line}) = 0`,
        text.repeat(Math.floor(500_000 / text.length)),
      ])
        for (const record of parser.push(each)) collector.add(record, "-");
      expect(performance.now() - start, text).toBeLessThan(2000);
    }
  });
});
