/** How often each exposure occurs, by its tenths, 0…100. */
export type Spread = Uint32Array;

export function emptySpread(): Spread {
  return new Uint32Array(101);
}

export function addTo(spread: Spread, exposure: number | null, times: number): void {
  if (exposure !== null) spread[exposure] = (spread[exposure] ?? 0) + times;
}

export function total(spread: Spread): number {
  return spread.reduce((sum, count) => sum + count, 0);
}

/** The lower of the two in the middle, so that it is a score that a unit has. */
export function median(spread: Spread): number | null {
  return atRank(spread, Math.ceil(total(spread) / 2));
}

export function lowest(spread: Spread): number | null {
  return atRank(spread, 1);
}

export function highest(spread: Spread): number | null {
  return atRank(spread, total(spread));
}

export function above(spread: Spread, bar: number): number {
  return total(spread.subarray(bar + 1));
}

function atRank(spread: Spread, rank: number): number | null {
  let seen = 0;
  for (const [exposure, count] of spread.entries()) {
    seen += count;
    if (count > 0 && seen >= rank) return exposure;
  }
  return null;
}
