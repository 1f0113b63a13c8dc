import { describe, expect, it } from "vitest";
import type { CheckResult } from "../../src/score/assessment.ts";
import { gainOf } from "../../src/score/gain.ts";

const check = (id: string, badness: number | null, weight: number, range = 1): CheckResult => ({
  id,
  badness,
  weight,
  range,
  exposure: null,
  directive: id,
});

describe("what mending gains", () => {
  it("is the difference of the rounded exposures, in tenths", () => {
    const checks = [check("a", 1, 50), check("b", 1, 30), check("c", 0, 20)];
    expect(gainOf(checks, new Set(["a"]))).toBe(50);
    expect(gainOf(checks, new Set(["a", "b"]))).toBe(80);
    expect(gainOf(checks, new Set(["c"]))).toBe(0);
  });

  it("leaves checks that do not apply out of both sums", () => {
    expect(gainOf([check("a", 1, 10), check("b", null, 1000)], new Set(["a", "b"]))).toBe(100);
    expect(gainOf([check("a", null, 10)], new Set(["a"]))).toBe(0);
  });

  it("rounds every division up, as systemd does", () => {
    expect(gainOf([check("a", 1, 1, 3), check("b", 0, 299)], new Set(["a"]))).toBe(1);
  });
});
