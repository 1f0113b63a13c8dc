// What changed since the last audit: each unit's score then and now, and the lines that did it.

import type { PageChange } from "../page-data.ts";
import { type Child, h, tenths } from "./dom.ts";
import type { Fleet } from "./fleet.ts";
import { growing, section, unitLink } from "./parts.ts";

const WORDS: Readonly<Record<string, string>> = { added: "new", removed: "gone" };

export function changesView(fleet: Fleet): HTMLElement | undefined {
  const { comparison } = fleet.data;
  if (comparison === undefined) return undefined;
  const { worse, better, added, removed, same, changes } = comparison;
  const note = `${worse} worse, ${better} better, ${added} new, ${removed} gone, ${same} the same.`;
  const byName = new Map(fleet.units.map(unit => [unit.name, unit]));
  const columns = [
    { title: "Unit" },
    { title: "Before", class: "right" },
    { title: "Now", class: "right" },
    { title: "Change", class: "right" },
    { title: "What did it" },
  ];
  return section(
    "changes",
    "Since the last audit",
    note,
    changes.length === 0
      ? undefined
      : growing("Units that changed", columns, changes, change => {
          const unit = byName.get(change.unit);
          return h(
            "tr",
            { class: change.kind },
            h("td", { class: "name" }, unit === undefined ? change.unit : unitLink(unit)),
            h("td", { class: "right number" }, change.before),
            h("td", { class: "right number" }, change.after),
            h("td", { class: "right number" }, changeWord(change)),
            h("td", {}, changeDetails(change)),
          );
        }),
  );
}

function changeWord({ kind, difference }: PageChange): string {
  if (difference === null || difference === 0) return WORDS[kind] ?? kind;
  return `${difference > 0 ? "+" : "−"}${tenths(Math.abs(difference))} ${kind}`;
}

/** "9.4 → 2.1, −7.3 better". */
export function changeFigures(change: PageChange): string {
  return `${change.before} → ${change.after}, ${changeWord(change)}`;
}

/** Lines that are the same for several checks are shown once. */
export function changeDetails({ details }: PageChange): Child {
  const groups = new Map<
    string,
    { readonly names: string[]; readonly sign: string; readonly now: string; readonly was: string }
  >();
  for (const { sign, what, now, was } of details) {
    const key = now === "" && was === "" ? `${sign}${what}` : [sign, now, was].join("\n");
    const known = groups.get(key);
    if (known === undefined) groups.set(key, { names: [what], sign, now, was });
    else known.names.push(what);
  }
  const items = [...groups.values()].map(({ names, sign, now, was }) =>
    h(
      "li",
      {},
      h("span", { class: sign === "+" ? "worse-word" : "better-word" }, sign === "+" ? "worse" : "better"),
      ` ${names.slice(0, 3).join(", ")}${names.length > 3 ? ` and ${names.length - 3} more` : ""}`,
      now === "" ? undefined : [": ", h("code", {}, now)],
      was === "" ? undefined : [", was ", h("code", {}, was)],
    ),
  );
  if (items.length === 0) return undefined;
  const list = h("ul", { class: "details" }, items);
  return items.length <= 4 ? list : h("details", {}, h("summary", {}, `${items.length} reasons`), list);
}
