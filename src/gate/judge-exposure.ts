// Audited units and a bar go in, a verdict comes out. What has no score cannot pass for what has a good one.
import type { AuditStatus } from "../score/audited-unit.ts";

/** What the gate knows of a unit. */
export interface Candidate {
  readonly name: string;
  readonly status: AuditStatus;
  /** 0…100 tenths; `null` where the unit has no score. */
  readonly exposure: number | null;
  readonly level: string;
  /** Why there is no score; "" where there is one. */
  readonly message: string;
}

export interface Verdict {
  readonly hasPassed: boolean;
  /** Tenths. */
  readonly maxExposure: number;
  readonly judged: number;
  /** Above the bar, the most exposed first. */
  readonly over: readonly Candidate[];
  /** systemd would refuse them, or they cannot be read: nobody knows what they would run with. */
  readonly unscored: readonly Candidate[];
}

/** A masked unit runs nothing and passes; a unit that cannot be scored fails, as does one above the bar. */
export function judgeExposure(candidates: readonly Candidate[], maxExposure: number): Verdict {
  const over = candidates
    .filter(each => each.exposure !== null && each.exposure > maxExposure)
    .toSorted((a, b) => (b.exposure ?? 0) - (a.exposure ?? 0) || (a.name < b.name ? -1 : 1));
  const unscored = candidates.filter(each => each.exposure === null && each.status !== "masked");
  return {
    hasPassed: over.length === 0 && unscored.length === 0,
    maxExposure,
    judged: candidates.length,
    over,
    unscored,
  };
}
