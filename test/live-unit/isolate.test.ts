import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { half, isolate, type Suspect } from "../../src/live/isolate.ts";

/** Suspects a, b, c … of equal odds, of which some are guilty: any set that holds a guilty one fails. */
async function search(odds: readonly number[], guilty: ReadonlySet<number>, works: readonly number[] = []) {
  const suspects = odds.map((each, index): Suspect => ({ key: String(index), odds: each }));
  let trials = 0;
  const outcome = await isolate<Suspect, string>({
    suspects,
    works: new Set(works.map(String)),
    failure: "all fail",
    test: async applied => {
      trials++;
      return applied.some(each => guilty.has(Number(each.key))) ? "fails" : undefined;
    },
    weigh: suspect => suspect.odds,
    isNews: () => false,
  });
  return { outcome, trials };
}

describe("isolating a culprit", () => {
  it("finds a guilty one among any, with what works beside it", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.double({ min: 0.001, max: 100, noNaN: true }), { minLength: 1, maxLength: 80 }),
        fc.array(fc.nat(), { minLength: 1, maxLength: 4 }),
        async (odds, picks) => {
          const guilty = new Set(picks.map(pick => pick % odds.length));
          const { outcome } = await search(odds, guilty);
          expect(outcome.kind).toBe("culprit");
          if (outcome.kind !== "culprit") return;
          expect(guilty.has(Number(outcome.culprit.key))).toBe(true);
          expect(outcome.works.some(each => guilty.has(Number(each.key)))).toBe(false);
        },
      ),
    );
  });

  it("takes as many trials as halving does where all are alike", async () => {
    for (let culprit = 0; culprit < 64; culprit++) {
      const { trials } = await search(Array(64).fill(1), new Set([culprit]));
      expect(trials).toBe(6);
    }
  });

  it("takes one trial where the odds name the culprit", async () => {
    const odds = [...Array(60).fill(0.1), 50];
    expect((await search(odds, new Set([60]))).trials).toBe(1);
  });

  it("takes no trial where all others are known to work", async () => {
    const { outcome, trials } = await search([1, 1, 1], new Set([1]), [0, 2]);
    expect(trials).toBe(0);
    expect(outcome).toMatchObject({ kind: "culprit", culprit: { key: "1" } });
  });

  it("stops where a trial says more than that it failed", async () => {
    const outcome = await isolate<Suspect, string>({
      suspects: [..."abcd"].map(key => ({ key, odds: 1 })),
      works: new Set(),
      failure: "silent",
      test: async () => "the log names a path",
      weigh: suspect => suspect.odds,
      isNews: failure => failure.includes("path"),
    });
    expect(outcome).toMatchObject({ kind: "news", failure: "the log names a path" });
  });

  it("halves odds with at least one on each side", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0.001, max: 1e6, noNaN: true }), { minLength: 2 }), odds => {
        expect(half(odds)).toBeGreaterThanOrEqual(1);
        expect(half(odds)).toBeLessThan(odds.length);
      }),
    );
  });
});
