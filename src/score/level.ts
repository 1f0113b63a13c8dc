/** The lowest exposure of each level, in tenths, worst first; the same in every version (`systemd-analyze security`). */
const LEVELS = [
  [100, "DANGEROUS"],
  [90, "UNSAFE"],
  [75, "EXPOSED"],
  [50, "MEDIUM"],
  [10, "OK"],
  [1, "SAFE"],
] as const;

export type Level = (typeof LEVELS)[number][1] | "PERFECT";

/** systemd's word for an exposure of 0…100 tenths. */
export function levelOf(exposure: number): Level {
  for (const [limit, level] of LEVELS) if (exposure >= limit) return level;
  return "PERFECT";
}
