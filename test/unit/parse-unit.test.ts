import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseUnit } from "../../src/unit/parse-unit.ts";
import { printUnit } from "../../src/unit/print-unit.ts";
import type { UnitTree } from "../../src/unit/tree.ts";
import { corpusFolder, entriesOf, hasCorpus, whyNoCorpus } from "../support/corpus.ts";

function parse(text: string): UnitTree {
  return parseUnit(Buffer.from(text, "utf8"), "bakery.service");
}

function parseBytes(latin1: string): UnitTree {
  return parseUnit(Buffer.from(latin1, "latin1"), "bakery.service");
}

/** `section.key=value` of each assignment. */
function assignments(tree: UnitTree): string[] {
  return tree.nodes.flatMap(node =>
    node.kind === "assignment" ? [`${node.section}.${node.key}=${node.value}`] : [],
  );
}

function codes(tree: UnitTree): string[] {
  return tree.diagnostics.map(({ code, position }) => `${position?.line}:${position?.column} ${code}`);
}

describe("reading lines", () => {
  test.each([
    ["line feeds", "[S]\nA=1\nB=2\n"],
    ["carriage return and line feed", "[S]\r\nA=1\r\nB=2\r\n"],
    ["line feed and carriage return", "[S]\n\rA=1\n\rB=2"],
    ["carriage returns", "[S]\rA=1\rB=2\r"],
    ["zero bytes", "[S]\0A=1\0B=2\0"],
    ["a byte order mark", "\ufeff[S]\nA=1\nB=2"],
    ["blanks around everything", "  [S] \n\t A = 1 \n B\t=\t2\t\n"],
  ])("%s", (_, text) => {
    expect(assignments(parse(text))).toEqual(["S.A=1", "S.B=2"]);
  });

  test("the values are split from their keys at the first equals sign", () => {
    expect(assignments(parse("[S]\nA=b=c\nD=\n"))).toEqual(["S.A=b=c", "S.D="]);
  });

  test("a comment takes a whole line, never its end", () => {
    expect(assignments(parse("[S]\n#A=1\n ;B=2\nC=3 # no comment\n"))).toEqual(["S.C=3 # no comment"]);
  });

  test("a byte order mark hides a comment sign, as it does from systemd", () => {
    expect(codes(parse("\ufeff# hello\n"))).toEqual(["1:1 missing-equals"]);
  });

  test("positions count lines and characters from one", () => {
    const tree = parse("[S]\n\n  Exec=/bin/a \\\n  # in between\n  b\n\nNext=1\n");
    const places = tree.nodes.map(({ kind, position }) => `${kind} ${position.line}:${position.column}`);
    expect(places).toEqual(["section 1:1", "blank 2:1", "assignment 3:3", "blank 6:1", "assignment 7:1"]);
  });
});

describe("continuation lines", () => {
  test("join with a blank in place of the backslash", () => {
    expect(assignments(parse("[S]\nA=b\\\nc\\\n d\n"))).toEqual(["S.A=b c  d"]);
  });

  test("go on behind comments", () => {
    expect(assignments(parse("[S]\nA=b \\\n# c\n; d\n  e\nF=g\n"))).toEqual(["S.A=b    e", "S.F=g"]);
  });

  test("end at a blank line", () => {
    expect(assignments(parse("[S]\nA=b \\\n\nC=d\n"))).toEqual(["S.A=b", "S.C=d"]);
  });

  test("need an odd number of backslashes", () => {
    expect(assignments(parse("[S]\nA=b\\\\\nC=d\\\\\\\ne\n"))).toEqual(["S.A=b\\\\", "S.C=d\\\\ e"]);
  });

  test("count where the file ends in one", () => {
    expect(assignments(parse("[S]\nA=b \\"))).toEqual(["S.A=b"]);
    expect(assignments(parse("[S]\nA=b \\\n# c"))).toEqual(["S.A=b"]);
  });

  test("can make a header", () => {
    expect(assignments(parse("[Ser\\\nvice]\nA=1\n"))).toEqual(["Ser vice.A=1"]);
  });
});

describe("lines that systemd ignores", () => {
  test.each([
    ["[S]\nwords\n", ["2:1 missing-equals"]],
    ["[S]\n = value\n", ["2:2 missing-key"]],
    ["A=1\n[S]\n", ["1:1 outside-section"]],
  ])("%j", (text, expected) => {
    expect(codes(parse(text))).toEqual(expected);
    expect(parse(text).diagnostics.every(({ severity }) => severity === "warning")).toBe(true);
  });
});

describe("where systemd stops reading", () => {
  test.each([
    ["a header without its end", "[S]\nA=1\n[T\nB=2\n", "3:1 open-header"],
    ["a bracket alone", "[S]\nA=1\n[\nB=2\n", "3:1 open-header"],
    ["a comment behind a header", "[S]\nA=1\n[T] # here\nB=2\n", "3:1 open-header"],
    ["a quote in a header", '[S]\nA=1\n[T"]\nB=2\n', "3:1 unsafe-header"],
    ["a byte that is no UTF-8", "[S]\nA=1\nC=\xff\nB=2\n", "3:1 invalid-utf8"],
    ["a noncharacter", "[S]\nA=1\nC=\xef\xbf\xbf\nB=2\n", "3:1 invalid-utf8"],
    ["a surrogate", "[S]\nA=1\nC=\xed\xa0\x80\nB=2\n", "3:1 invalid-utf8"],
    ["a line of a mebibyte", `[S]\nA=1\nC=${"x".repeat(1024 * 1024 - 2)}\nB=2\n`, "3:1 line-too-long"],
    [
      "a mebibyte of continuations",
      `[S]\nA=1\nC=${"xx xx\\\n".repeat(30_000)}${"y".repeat(900_000)}\n`,
      "3:1 line-too-long",
    ],
  ])("%s", (_, latin1, expected) => {
    const tree = parseBytes(latin1);
    expect(assignments(tree)).toEqual(["S.A=1"]);
    expect(codes(tree)).toEqual([expected]);
    expect(tree.diagnostics[0]?.severity).toBe("error");
  });

  test("comments may hold any bytes, and a line one byte shorter is read", () => {
    const tree = parseBytes(`[S]\n# \xff\nC=${"x".repeat(1024 * 1024 - 3)}\nA=1\n`);
    expect(codes(tree)).toEqual([]);
    expect(assignments(tree)).toHaveLength(2);
  });
});

describe("printing gives back every byte", () => {
  const syntax = fc.constantFrom(
    "[",
    "]",
    "S",
    "=",
    "\\",
    "\n",
    "\r",
    "\0",
    "#",
    ";",
    " ",
    "\t",
    "\xff",
    "\xef\xbb\xbf",
    "A=",
    '"',
    "é",
  );

  test("of arbitrary bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), bytes => {
        expect(printUnit(parseUnit(bytes, "x"))).toEqual(new Uint8Array(bytes));
      }),
      { numRuns: 1000 },
    );
  });

  test("of arbitrary syntax", () => {
    fc.assert(
      fc.property(fc.array(syntax, { maxLength: 60 }), parts => {
        const bytes = new Uint8Array(Buffer.from(parts.join(""), "latin1"));
        expect(printUnit(parseUnit(bytes, "x"))).toEqual(bytes);
      }),
      { numRuns: 3000 },
    );
  });

  test.skipIf(!hasCorpus)(`of every file of the corpus${whyNoCorpus}`, () => {
    let count = 0;
    for (const folder of ["units", "synth"]) {
      for (const [path, bytes] of entriesOf(`${corpusFolder}/${folder}`)) {
        if (!(bytes instanceof Uint8Array)) continue;
        expect(Buffer.compare(printUnit(parseUnit(bytes, path)), bytes), path).toBe(0);
        count++;
      }
    }
    expect(count).toBeGreaterThan(1000);
  });
});

describe("hostile sizes take less than two seconds", () => {
  const size = 100 * 1024 * 1024;

  test.each([
    ["one line", Buffer.alloc(size, "x")],
    ["blanks", Buffer.alloc(size, " ")],
    ["backslashes", Buffer.alloc(size, "\\")],
    ["empty lines", Buffer.alloc(size, "\n")],
    ["continuations", Buffer.alloc(size, "\\\n")],
    ["assignments", Buffer.alloc(size, "A=\n")],
    ["a long value", Buffer.concat([Buffer.from("[S]\nA="), Buffer.alloc(1024 * 1024 - 10, " x")])],
  ])("%s", (_, bytes) => {
    // The process's own time: how busy the machine is otherwise says nothing about the parser.
    const start = process.cpuUsage();
    const tree = parseUnit(bytes, "x");
    const { user, system } = process.cpuUsage(start);
    expect((user + system) / 1000).toBeLessThan(2000);
    expect(tree.nodes.length).toBeLessThan(100_000);
  });
});
