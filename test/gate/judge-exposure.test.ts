import { describe, expect, it } from "vitest";
import { type Candidate, judgeExposure } from "../../src/gate/judge-exposure.ts";

const unit = (name: string, exposure: number | null, status: Candidate["status"] = "scored"): Candidate => ({
  name,
  status,
  exposure,
  level: "",
  message: "",
});

describe("the verdict", () => {
  it("lists what is above the bar, the most exposed first, and lets the bar itself pass", () => {
    const verdict = judgeExposure(
      [unit("bread", 51), unit("oven", 96), unit("mill", 50), unit("bun", 51)],
      50,
    );
    expect(verdict.hasPassed).toBe(false);
    expect(verdict.over.map(each => each.name)).toEqual(["oven", "bread", "bun"]);
  });

  it("does not take a missing score for a good one, and a masked unit for a fault", () => {
    expect(judgeExposure([unit("mill", null, "refused")], 100)).toMatchObject({
      hasPassed: false,
      unscored: [{ name: "mill" }],
    });
    expect(judgeExposure([unit("fridge", null, "masked")], 0).hasPassed).toBe(true);
  });
});
