// Whether a unit works before anything is changed.
import { describe, expect, it } from "vitest";
import { baselineOf } from "../../src/live/baseline.ts";
import { failed, works } from "./observations.ts";

/** Uses of the unit that end as `outcomes` says, one after the other. */
function uses(...outcomes: readonly boolean[]) {
  const said: string[] = [];
  let runs = 0;
  const baseline = baselineOf(
    "bakery.service",
    async () => (outcomes[runs++] ? works : failed("cannot go on")),
    {
      say: ({ code }) => said.push(code),
    },
  );
  return { baseline, said, runs: () => runs };
}

describe("a unit as it is", () => {
  it("is used once where it works", async () => {
    const { baseline, said, runs } = uses(true);
    expect((await baseline).isMoody).toBe(false);
    expect(runs()).toBe(1);
    expect(said).toEqual([]);
  });

  it("is used again where it fails once, and its probe is not trusted then", async () => {
    const { baseline, said, runs } = uses(false, true);
    expect((await baseline).isMoody).toBe(true);
    expect(runs()).toBe(2);
    expect(said).toEqual(["try-moody"]);
  });

  it("proves nothing where it fails twice", async () => {
    await expect(uses(false, false).baseline).rejects.toMatchObject({
      diagnostic: { code: "baseline-broken" },
    });
  });
});
