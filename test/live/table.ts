/** Results → docs/results.md. Pure: text out. */
import type { Result } from "./bench.ts";

export interface TableShape {
  readonly suite: string;
  readonly daemons: readonly string[];
  readonly ways: readonly string[];
  readonly notes: readonly { readonly name: string; readonly notes: string }[];
}

const tenths = (value: number): string => (value / 10).toFixed(1);

const median = (values: readonly number[]): number | undefined => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return undefined;
  return sorted.length % 2 === 1 ? sorted[middle] : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
};

const systemd: Readonly<Record<string, string>> = { bookworm: "252", trixie: "257", sid: "262" };

/** The page; of several results for one cell the last counts. Cells that were not measured are shown as such. */
export const writeTable = (results: readonly Result[], shape: TableShape): string => {
  const cells = new Map(results.map(result => [`${result.daemon}\0${result.way}`, result]));
  const measured = shape.daemons.filter(daemon => shape.ways.some(way => cells.has(`${daemon}\0${way}`)));
  const cell = (daemon: string, way: string): string => {
    const result = cells.get(`${daemon}\0${way}`);
    if (result === undefined) return "not measured";
    const score = result.exposure === null ? "" : `${tenths(result.exposure)} `;
    const cost = result.restarts === undefined ? "" : ` (${result.restarts})`;
    return result.status === "broken" ? `${score}**broken**${cost}` : `${score}${result.status}${cost}`;
  };
  const row = (words: readonly string[]): string => `| ${words.join(" | ")} |`;
  const summary = shape.ways.map(way => {
    const column = measured
      .map(daemon => cells.get(`${daemon}\0${way}`))
      .filter(result => result?.exposure != null);
    const middle = median(column.map(result => result?.exposure ?? 0));
    const broken = column.filter(result => result?.status === "broken").length;
    const restarts = median(column.flatMap(result => result?.restarts ?? []));
    const cost = restarts === undefined ? "" : ` (${restarts})`;
    return middle === undefined
      ? "–"
      : `${(middle / 10).toFixed(1)}, ${broken} of ${column.length} broken${cost}`;
  });
  const fifteen = shape.ways.flatMap(way => {
    const scores = shape.daemons
      .slice(0, 15)
      .flatMap(daemon => cells.get(`${daemon}\0${way}`)?.exposure ?? []);
    const middle = median(scores);
    return middle === undefined ? [] : [`${way} ${tenths(middle)}`];
  });
  const failures = measured.flatMap(daemon =>
    shape.ways.flatMap(way => {
      const result = cells.get(`${daemon}\0${way}`);
      return result?.status === "broken"
        ? [`- ${daemon}, ${way}: ${result.failedStep ?? "unknown step"}`]
        : [];
    }),
  );
  const notes = shape.notes
    .filter(each => measured.includes(each.name))
    .map(each => `- **${each.name}**: ${each.notes}`);
  return `# What still works

Written by \`npm run bench:live\`; not by hand. Debian ${shape.suite}, systemd ${systemd[shape.suite] ?? "?"}. Each cell is a boot of its
own: the drop-in is put beside the unit, the service restarted, and a probe uses it as people do. The figure is the exposure
that the running systemd reports (\`systemd-analyze security\`), after it whether the probe passed.

${row(["daemon", ...shape.ways])}
${row(["---", ...shape.ways.map(() => "---")])}
${measured.map(daemon => row([daemon, ...shape.ways.map(way => cell(daemon, way))])).join("\n")}
${row(["**median**", ...summary])}

As shipped: the package's unit alone. Checklist: every directive that common checklists name, at once. openSUSE: its set of
low-risk directives. Both are spelled out in \`test/live/ways.ts\`. The other columns are tightunit's levels, from static evidence
of the root alone; with a trace of the probe from the first start on as further evidence (\`fix --trace\`), where \`strict\` is the
level for people whose probe uses all that they use; and what \`tightunit try\` finds with the probe as its judge, in brackets how
often it restarted the service for that.

The median of the first fifteen, ${shape.daemons.slice(0, 15).join(", ")}: ${fifteen.join("; ")}.

## What the probes do

${notes.join("\n")}

## Where a probe failed

${failures.length === 0 ? "Nowhere." : failures.join("\n")}
`;
};
