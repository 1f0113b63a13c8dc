// Which rules can concern a unit at all. Each rule looks at a few directives and most units touch few, so a rule is due
// where a unit touches one of its own; the others turn out as they do for a unit that says nothing.

/** Rules, by their places in a list, and what each of them looks at. */
export interface Watch {
  readonly count: number;
  /** Those that are due for every unit. */
  readonly always: readonly number[];
  readonly byDirective: ReadonlyMap<string, readonly number[]>;
}

/** A mark for each rule: 1 where it is due. */
export type Due = Uint8Array;

/** @param looks of each rule: the directives that it looks at, or that it is due for every unit. */
export function watchOver(looks: readonly (Iterable<string> | "always")[]): Watch {
  const always: number[] = [];
  const byDirective = new Map<string, number[]>();
  for (const [index, directives] of looks.entries()) {
    if (directives === "always") {
      always.push(index);
      continue;
    }
    for (const directive of new Set(directives)) {
      const known = byDirective.get(directive);
      if (known === undefined) byDirective.set(directive, [index]);
      else known.push(index);
    }
  }
  return { count: looks.length, always, byDirective };
}

export function dueFor(directives: Iterable<string>, watch: Watch): Due {
  const due = new Uint8Array(watch.count);
  for (const index of watch.always) due[index] = 1;
  for (const directive of directives) markDue(directive, watch, due);
  return due;
}

/** Takes into account that the unit touches one directive more. */
export function markDue(directive: string, { byDirective }: Watch, due: Due): void {
  const rules = byDirective.get(directive);
  if (rules !== undefined) for (const index of rules) due[index] = 1;
}
