// Which failures are believed: not those of a probe that fails by itself.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Observation } from "../../src/live/observe.ts";
import { repeatTrial } from "../../src/live/repeat-trial.ts";
import { failed, works } from "./observations.ts";

/** Trials that end as `outcomes` says, one after the other; "" is the unit as it is. */
function trials(
  outcomes: readonly boolean[],
  isTelling: (failed: Observation) => boolean = () => false,
  isMoody = false,
) {
  const runs: string[] = [];
  const said: string[] = [];
  const trial = repeatTrial({
    unit: "bakery.service",
    run: async dropIn => {
      const isWorking = outcomes[runs.length] ?? true;
      runs.push(dropIn);
      return isWorking ? works : failed("cannot go on");
    },
    restarts: () => runs.length,
    isTelling,
    isMoody,
    context: { say: ({ code }) => said.push(code) },
  });
  return { trial, runs, said };
}

describe("a trial", () => {
  it("that works is run once", async () => {
    const { trial, runs } = trials([true]);
    expect((await trial("a")).kind).toBe("works");
    expect(runs).toEqual(["a"]);
  });

  it("that fails first is repeated, after the unit as it is; later failures of a steady probe are not", async () => {
    const { trial, runs } = trials([false, true, false, false]);
    expect((await trial("a")).kind).toBe("broken");
    expect((await trial("b")).kind).toBe("broken");
    expect(runs).toEqual(["a", "", "a", "b"]);
  });

  it("that fails once and then works, works; from then on every failure is repeated", async () => {
    const { trial, runs, said } = trials([false, true, true, false, true, false, false]);
    expect((await trial("a")).kind).toBe("works");
    expect((await trial("b")).kind).toBe("works");
    expect((await trial("c")).kind).toBe("broken");
    expect(runs).toEqual(["a", "", "a", "b", "b", "c", "c"]);
    expect(said.filter(code => code === "try-moody")).toHaveLength(1);
  });

  it("of a probe that is known to fail now and then is repeated from the first failure on, and not told of again", async () => {
    const { trial, runs, said } = trials([false, true, true], undefined, true);
    expect((await trial("a")).kind).toBe("works");
    expect(runs).toEqual(["a", "a"]);
    expect(said).not.toContain("try-moody");
  });

  it("is not repeated where a line says what was missed", async () => {
    const { trial, runs } = trials([false, true, false], () => true);
    expect((await trial("a")).kind).toBe("broken");
    expect((await trial("b")).kind).toBe("broken");
    expect(runs).toEqual(["a", "", "b"]);
  });

  it("proves nothing where the unit as it is fails twice in a row", async () => {
    const { trial } = trials([false, false, false]);
    await expect(trial("a")).rejects.toMatchObject({ diagnostic: { code: "not-repeatable" } });
  });

  it("never reports a failure that was not seen twice, unless the probe had been steady", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 12 }), async outcomes => {
        const { trial, runs, said } = trials(outcomes);
        try {
          for (const name of ["a", "b", "c", "d"]) {
            const before = runs.length;
            const { kind } = await trial(name);
            const isRepeated = runs.slice(before).filter(each => each === name).length === 2;
            if (kind === "broken" && said.includes("try-moody")) expect(isRepeated).toBe(true);
          }
        } catch (error) {
          expect(error).toMatchObject({ diagnostic: { code: "not-repeatable" } });
        }
      }),
    );
  });
});
