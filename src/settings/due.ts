// Which rules can concern a unit at all. Each rule looks at a few directives and most units touch few, so a rule is due
// where a unit touches one of its own; the others turn out as they do for a unit that says nothing.

/** Rules, by their places in a list, and what each of them looks at. */
export interface Watch {
  /** Those that are due for every unit, marked. */
  readonly always: Due;
  readonly byDirective: ReadonlyMap<string, readonly number[]>;
}

/** A mark for each rule: 1 where it is due. Asked and set by index: this runs for each line of each unit. */
export type Due = Uint8Array;

/** @param looks of each rule: the directives that it looks at, or that it is due for every unit. */
export function watchOver(looks: readonly (Iterable<string> | "always")[]): Watch {
  const always = new Uint8Array(looks.length);
  const byDirective = new Map<string, number[]>();
  for (const [index, directives] of looks.entries()) {
    if (directives === "always") {
      always[index] = 1;
      continue;
    }
    for (const directive of new Set(directives)) {
      const known = byDirective.get(directive);
      if (known === undefined) byDirective.set(directive, [index]);
      else known.push(index);
    }
  }
  return { always, byDirective };
}

export function dueFor(directives: Iterable<string>, watch: Watch): Due {
  const due = watch.always.slice();
  for (const directive of directives) markDue(directive, watch, due);
  return due;
}

/** Takes into account that the unit touches one directive more. */
export function markDue(directive: string, { byDirective }: Watch, due: Due): void {
  const rules = byDirective.get(directive);
  if (rules === undefined) return;
  for (let at = 0; at < rules.length; at++) due[rules[at] ?? 0] = 1;
}
