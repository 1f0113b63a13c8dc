import type { CallSets } from "../settings/call-sets.ts";

/**
 * The assignments of an allow list that leaves `kept` of `base` and whatever else of `today` is kept:
 * the base set, sets taken out of it, and single names let in again. systemd.exec(5), SystemCallFilter=: later lines add or remove.
 * @param isSet whether the unit has a filter of its own, which is reset first
 */
export function writeAllowList(
  directive: string,
  base: string,
  today: ReadonlySet<string>,
  kept: ReadonlySet<string>,
  calls: CallSets,
  isSet: boolean,
): readonly string[] {
  const allowed = new Set(calls.callsOf(base));
  const lines = [...(isSet ? [`${directive}=`] : []), `${directive}=${base}`];
  const { removed, readmitted } = takeOut(allowed, today, kept, calls);
  if (removed.length > 0) lines.push(`${directive}=~${removed.join(" ")}`);
  const extra = [...kept].filter(call => today.has(call) && !allowed.has(call));
  const back = nameCalls(new Set([...readmitted, ...extra]), calls);
  if (back.length > 0) lines.push(`${directive}=${back.join(" ")}`);
  return lines;
}

/**
 * The assignments that take what is not kept out of what is allowed today; none where no whole set can go.
 * @param errno what a call is answered with, where that is not what the unit's filter answers
 */
export function writeDenyList(
  directive: string,
  today: ReadonlySet<string>,
  kept: ReadonlySet<string>,
  calls: CallSets,
  errno?: string,
): readonly string[] {
  const removed = coveringSets(today, call => !kept.has(call), calls);
  const words = errno === undefined ? removed : removed.map(word => `${word}:${errno}`);
  return words.length > 0 ? [`${directive}=~${words.join(" ")}`] : [];
}

/**
 * Sets to remove from an allow list, largest first, and the kept calls that go with them and must come back.
 * A set that would come back for the most part stays: single denied names buy little and age badly.
 * What today's filter denies is removed by name where no set does it, so that nothing is won back.
 */
function takeOut(
  allowed: ReadonlySet<string>,
  today: ReadonlySet<string>,
  kept: ReadonlySet<string>,
  calls: CallSets,
) {
  const removed: string[] = [];
  const gone = new Set<string>();
  const bySize = calls.sets
    .filter(set => set !== "@default")
    .map(set => ({ set, members: calls.callsOf(set).filter(call => allowed.has(call)) }))
    // A set that holds the whole list would remove it all.
    .filter(({ members }) => members.length > 0 && members.length < allowed.size / 2)
    .sort((a, b) => b.members.length - a.members.length || (a.set < b.set ? -1 : 1));
  for (const { set, members } of bySize) {
    const needless = members.filter(call => !kept.has(call));
    if (needless.every(call => gone.has(call))) continue;
    if (needless.length * 2 < members.length) continue;
    removed.push(set);
    for (const call of members) gone.add(call);
  }
  const left = [...allowed].filter(call => !today.has(call) && !gone.has(call));
  return {
    removed: [...removed.sort(), ...left.sort()],
    readmitted: [...gone].filter(call => kept.has(call)),
  };
}

/** Names a group of calls by the sets that lie in it wholly, and the rest one by one. */
function nameCalls(group: ReadonlySet<string>, calls: CallSets): readonly string[] {
  const sets = coveringSets(group, call => group.has(call), calls);
  const covered = new Set(sets.flatMap(set => calls.callsOf(set)));
  return [...sets, ...[...group].filter(call => !covered.has(call)).sort()];
}

/** The sets, smaller ones inside larger ones left out, all of whose calls are in `group` and pass `test`. */
function coveringSets(
  group: ReadonlySet<string>,
  test: (call: string) => boolean,
  calls: CallSets,
): readonly string[] {
  const covered = new Set<string>();
  const chosen: string[] = [];
  const candidates = calls.sets
    .filter(set => set !== "@default")
    .map(set => ({ set, members: calls.callsOf(set) }))
    .filter(({ members }) => members.some(call => group.has(call)) && members.every(call => test(call)))
    .sort((a, b) => b.members.length - a.members.length || (a.set < b.set ? -1 : 1));
  for (const { set, members } of candidates) {
    if (!members.some(call => group.has(call) && !covered.has(call))) continue;
    chosen.push(set);
    for (const call of members) covered.add(call);
  }
  return chosen.sort();
}
