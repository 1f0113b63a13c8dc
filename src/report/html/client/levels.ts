// systemd's words for exposures, as `systemd-analyze security` uses them, and the names of their colours in the style.

const LEVELS = [
  [100, "DANGEROUS"],
  [90, "UNSAFE"],
  [75, "EXPOSED"],
  [50, "MEDIUM"],
  [10, "OK"],
  [1, "SAFE"],
  [0, "PERFECT"],
] as const;

export const levelNames: readonly string[] = LEVELS.map(([, name]) => name);

/** The word for 0…100 tenths. */
export function levelOf(exposure: number): string {
  return LEVELS.find(([limit]) => exposure >= limit)?.[1] ?? "PERFECT";
}

/** The class that gives an element its level's colour. */
export function levelClass(level: string): string {
  return `level-${level.toLowerCase()}`;
}
