// Our score is systemd's score: load status, exposure, level, and every check, over recorded answers of four versions.
import { afterAll, describe, expect, it } from "vitest";
import { memoryTree } from "../../src/host/memory-tree.ts";
import { indexUnits } from "../../src/host/unit-index.ts";
import {
  corpusIndex,
  type Expected,
  hasCorpus,
  kinds,
  readLines,
  versions,
  whyNoCorpus,
} from "../support/corpus.ts";
import { type Answer, answerFor } from "./answer-for.ts";

interface RandomUnit {
  readonly id: number;
  readonly unit: string;
  readonly files: Readonly<Record<string, string>>;
  readonly expect: Readonly<
    Record<string, { status: string; exposure?: number; badness?: Record<string, number | null> }>
  >;
}

/** What differs, in few words; "" where nothing does. */
function difference(expected: Omit<Expected, "tree" | "unit">, answer: Answer): string {
  if (answer.status !== expected.status) return `status ${expected.status}, ours ${answer.status}`;
  if (expected.status !== "scored") return "";
  const found: string[] = [];
  const na = new Set(answer.na);
  for (const id of expected.na ?? []) if (!na.delete(id)) found.push(`${id} does not apply, ours does`);
  for (const id of na) found.push(`${id} applies, ours does not`);
  const ids = new Set([...Object.keys(expected.unset ?? {}), ...Object.keys(answer.unset ?? {})]);
  for (const id of ids) {
    const [theirs, ours] = [expected.unset?.[id], answer.unset?.[id]];
    if (theirs !== ours) found.push(`${id} adds ${theirs ?? "nothing"}, ours ${ours ?? "nothing"}`);
  }
  if (expected.exposure !== answer.exposure)
    found.push(`exposure ${expected.exposure}, ours ${answer.exposure}`);
  if (expected.level !== answer.level) found.push(`level ${expected.level}, ours ${answer.level}`);
  return found.join("; ");
}

let compared = 0;
afterAll(() => {
  if (hasCorpus) expect(compared).toBe(4 * (642 + 641 + 700 + 100));
});

describe.skipIf(!hasCorpus)(`the corpus${whyNoCorpus}`, () => {
  describe.each(versions)("as systemd %i", version => {
    it.each(kinds)("%s: every unit as recorded", kind => {
      const differences = readLines<Expected>(`expected/${kind}.${version}.jsonl`).flatMap(line => {
        compared++;
        const found = difference(line, answerFor(corpusIndex(kind, line.tree), line.unit, version));
        return found === "" ? [] : [`${line.tree} ${line.unit}: ${found}`];
      });
      expect(differences).toEqual([]);
    });

    it("random: every badness as recorded", () => {
      const differences = readLines<RandomUnit>("random.jsonl").flatMap(
        ({ id, unit, files, expect: answers }) => {
          compared++;
          const entries = Object.entries(files).map(([path, text]): [string, string] => [
            `/units/${path}`,
            text,
          ]);
          const tree = memoryTree(entries);
          const index = indexUnits({
            tree,
            scope: "system",
            extraDirectories: [],
            searchPath: ["/units"],
            absoluteLinks: "ignore",
          });
          const expected = answers[version];
          const answer = answerFor(index, unit, version);
          if (expected === undefined) return [];
          if (expected.status !== answer.status)
            return [`${id}: status ${expected.status}, ours ${answer.status}`];
          if (expected.status !== "scored") return [];
          const checks = Object.entries(expected.badness ?? {}).filter(
            ([check, badness]) => answer.badness?.[check] !== badness,
          );
          const wrong = checks.map(
            ([check, badness]) => `${check} ${badness}, ours ${answer.badness?.[check]}`,
          );
          if (expected.exposure !== answer.exposure)
            wrong.push(`exposure ${expected.exposure}, ours ${answer.exposure}`);
          return wrong.length === 0 ? [] : [`${id}: ${wrong.join("; ")}`];
        },
      );
      expect(differences).toEqual([]);
    });
  });
});
