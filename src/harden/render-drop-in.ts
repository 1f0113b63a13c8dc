import type { Candidate } from "./candidate.ts";

/** The text of a drop-in: one section, groups in the order of their names with one short comment each, every directive's lines together. */
export function renderDropIn(section: string, candidates: readonly Candidate[]): string {
  if (candidates.length === 0) return "";
  const groups = new Map<string, Candidate[]>();
  for (const candidate of candidates) {
    const { group } = candidate.directive;
    groups.set(group, [...(groups.get(group) ?? []), candidate]);
  }
  const sorted = [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
  const blocks = sorted.map(([group, members]) => [`# ${group}`, ...mergeLines(members)].join("\n"));
  return `[${section}]\n${blocks.join("\n\n")}\n`;
}

/** Two directives may ask for the same exception; it is written once. */
function mergeLines(members: readonly Candidate[]): readonly string[] {
  const written = new Set<string>();
  return members.flatMap(member =>
    member.lines.filter(line => {
      // A reset or a filter's line means what its place makes of it; only exceptions are the same wherever they stand.
      const isException = !line.startsWith(`${member.directive.directive}=`);
      if (isException && written.has(line)) return false;
      written.add(line);
      return true;
    }),
  );
}
