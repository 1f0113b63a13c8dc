import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseUnit } from "../../src/unit/parse-unit.ts";
import { hasSystemdAnalyze, judgeOffline, systemdAnalyzeNote } from "../support/systemd-analyze.ts";

const markers = [
  "LockPersonality",
  "NoNewPrivileges",
  "PrivateNetwork",
  "ProtectHostname",
  "RestrictRealtime",
];

const piece = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.constantFrom("\n", "\r\n", "\n\r", "\r", "\0", "\n\0", "\\\n", "\\\r\n", "\n\n"),
  },
  {
    weight: 10,
    arbitrary: fc
      .tuple(
        fc.constantFrom(...markers),
        fc.constantFrom("=yes", " = no", "=", "=\tyes ", "=y\\\nes", "=\\\nyes"),
      )
      .map(([key, value]) => `\n${key}${value}`),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom("[Service]", "\n[Service]\n", "\n[X-Bakery]\n", "\n[service]\n", "\n[Unit]\n"),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "\n[Service",
      "\n[",
      '\n[Ser"vice]',
      "\xff",
      "\xef\xbf\xbf",
      "\xef\xb7\x90",
      "\xed\xa0\x80",
      "\xc0\x80",
      "é",
    ),
  },
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      "#",
      "\n# ",
      ";",
      "\n;",
      " ",
      "\t",
      "\\",
      "\\\\",
      "=",
      "\n=",
      "]",
      "\xef\xbb\xbf",
      "\v",
      "word",
    ),
  },
);

describe.skipIf(!hasSystemdAnalyze)(
  `any text reads as the machine's systemd reads it${systemdAnalyzeNote}`,
  () => {
    test("sections, line ends, continuations, comments, bytes", () => {
      const root = mkdtempSync(join(tmpdir(), "tightunit-parse-"));
      const folder = join(root, "usr/lib/systemd/system");
      mkdirSync(folder, { recursive: true });
      try {
        fc.assert(
          fc.property(fc.array(piece, { maxLength: 25 }), fc.boolean(), (pieces, hasMark) => {
            const text = `${hasMark ? "\xef\xbb\xbf" : ""}[Service]\nExecStart=/bin/true\n${pieces.join("")}`;
            const bytes = Buffer.from(text, "latin1");
            writeFileSync(join(folder, "oven.service"), bytes);
            const tree = parseUnit(bytes, "oven.service");
            const theirs = judgeOffline(root, "oven.service");
            const isStopped = tree.diagnostics.some(({ severity }) => severity === "error");
            expect(isStopped ? "refused" : "loaded").toBe(theirs.status);
            if (isStopped) return;
            const last = new Map<string, boolean>();
            for (const node of tree.nodes) {
              if (node.kind !== "assignment" || node.section !== "Service") continue;
              if (/^(yes|no)$/.test(node.value)) last.set(node.key, node.value === "yes");
            }
            expect(markers.filter(marker => last.get(marker))).toEqual(
              markers.filter(marker => theirs.good.has(marker)),
            );
          }),
          { numRuns: Number(process.env.TIGHTUNIT_RUNS ?? 150) },
        );
      } finally {
        rmSync(root, { recursive: true });
      }
    });
  },
);
