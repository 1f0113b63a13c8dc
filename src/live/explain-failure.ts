// Events of logs and the settings that a unit runs with → which of its directives stood behind each failure, and the lines
// that give the service back what it asked for. Pure: where the events come from is others' business.

import type { Evidence, Need } from "../needs/need.ts";
import { formatNeed, type NeedPattern } from "../needs/need-pattern.ts";
import type { TraceEvent } from "../needs/trace/events.ts";
import { type DenialCertainty, type DenialRule, loadDenialRules } from "../rules/denials.ts";
import { type Directive, loadDirectives } from "../rules/directives.ts";
import { loadNeedVocabulary } from "../rules/needs.ts";
import type { SystemdFacts } from "../rules/systemd-facts.ts";
import { callSets } from "../settings/call-sets.ts";
import { runsAsRoot } from "../settings/runs-as-root.ts";
import type { Setting, Settings } from "../settings/settings.ts";
import type { Position } from "../unit/tree.ts";
import { type Asked, askedNeeds } from "./asked-needs.ts";
import { type DenierContext, deniersOf, pathOf } from "./deniers.ts";

/** A directive that may be the reason of a failure. */
export interface FailureCause {
  readonly directive: string;
  /** Its value in the unit, as it was written; empty where it comes from another directive alone. */
  readonly value: string;
  /** Where the last assignment stands. */
  readonly position?: Position;
  /** Directives that brought it along. */
  readonly impliedBy: readonly string[];
  /** What the service asked for: `write:/var/lib/foo`; several where the log names none and evidence shows these. */
  readonly asked: string;
  /** What shows that the service asks for this, where the log does not say. */
  readonly shownBy?: readonly Evidence[];
  readonly certainty: DenialCertainty;
  /** Lines of a drop-in that allow it; none where it cannot be said more exactly than `mend` does. */
  readonly lines: readonly string[];
  /** How to give the service back what it needs, in a sentence. */
  readonly mend?: string;
}

/** An event and the directives that explain it, the most certain first; none: nothing that the unit sets denies this. */
export interface ExplainedFailure {
  readonly event: TraceEvent;
  readonly causes: readonly FailureCause[];
  /** How many events said the same. */
  readonly count: number;
}

export interface ExplainOptions {
  readonly settings: Settings;
  readonly facts: SystemdFacts;
  /** See `DenierContext`. */
  readonly pathKind: DenierContext["pathKind"];
  /** What evidence shows that the service needs. Asked when a log says that something was denied, and not what. */
  readonly needs?: () => readonly Need[];
  /** By default `rules/live/denials.json`. */
  readonly rules?: readonly DenialRule[];
}

const CERTAINTIES: readonly DenialCertainty[] = ["certain", "likely", "possible"];

/** Explains one event at a time: what `watch` uses while events come in. */
export function failureExplainer(options: ExplainOptions): (event: TraceEvent) => readonly FailureCause[] {
  const { settings, facts, pathKind } = options;
  const rules = options.rules ?? loadDenialRules();
  const context: DenierContext = {
    settings,
    directives: loadDirectives(),
    vocabulary: loadNeedVocabulary(),
    callsOf: callSets(facts).callsOf,
    capabilities: facts.words.capabilities,
    isRoot: runsAsRoot(settings),
    pathKind,
  };
  const needs = options.needs ?? (() => []);
  const service = {
    isRoot: context.isRoot,
    textOf: (directive: string) => {
      const value = settings.values.get(directive)?.value;
      return value?.kind === "text" || value?.kind === "word" ? value.value.replace(/^[-!]+/, "") : undefined;
    },
  };
  return event => {
    const causes = askedNeeds(event, rules, service).flatMap(asked => causesOf(asked, context, needs));
    const best = new Map<string, FailureCause>();
    for (const cause of causes) {
      const known = best.get(cause.directive);
      if (known === undefined || rankOf(cause) < rankOf(known)) best.set(cause.directive, cause);
    }
    return [...best.values()].sort((a, b) => rankOf(a) - rankOf(b) || compare(a.directive, b.directive));
  };
}

/** Explains all, those that say the same once, in the order in which they were first seen. */
export function explainFailures(
  events: readonly TraceEvent[],
  options: ExplainOptions,
): readonly ExplainedFailure[] {
  const explain = failureExplainer(options);
  const seen = new Map<string, { event: TraceEvent; causes: readonly FailureCause[]; count: number }>();
  for (const event of events) {
    const key = keyOf(event);
    const known = seen.get(key);
    if (known === undefined) seen.set(key, { event, causes: explain(event), count: 1 });
    else known.count++;
  }
  return [...seen.values()];
}

/** What makes two events one finding: what happened, not when, to whom or on which line. */
export function keyOf(event: TraceEvent): string {
  const { file: _, line: __, detail: ___, time: ____, pid: _____, ...what } = event;
  return JSON.stringify(what);
}

/**
 * The lines of the first cause of each failure, as a drop-in's. What is only possible adds nothing where another failure is surer of the
 * same directive: it is mostly the same failure, said again in fewer words.
 */
export function mendingLines(failures: readonly ExplainedFailure[]): readonly string[] {
  const first = failures.flatMap(({ causes }) => causes[0] ?? []);
  const sure = new Set(first.flatMap(each => (each.certainty === "possible" ? [] : [each.directive])));
  const counting = first.filter(each => each.certainty !== "possible" || !sure.has(each.directive));
  return [...new Set(counting.flatMap(({ lines }) => lines))];
}

function rankOf({ certainty, lines }: FailureCause): number {
  return CERTAINTIES.indexOf(certainty) * 2 + (lines.length > 0 ? 0 : 1);
}

function causesOf(
  asked: Asked,
  context: DenierContext,
  needs: () => readonly Need[],
): readonly FailureCause[] {
  const { certainty, errors, kinds } = asked;
  const isPossible = ({ errnos, kind }: Directive): boolean =>
    (kinds === undefined || kinds.includes(kind)) &&
    (errors.length === 0 || (errnos ?? []).some(errno => errors.includes(errno)));
  switch (asked.for.kind) {
    case "need": {
      const { need } = asked.for;
      const shown = need.subject === "*" ? causesShown(need, certainty, context, needs()) : [];
      if (shown.length > 0)
        return shown.filter(({ directive }) => isPossible(directive)).map(({ cause }) => cause);
      return deniersOf(need, context)
        .filter(({ directive }) => isPossible(directive))
        .map(({ directive, setting, lines }) =>
          causeOf(directive, setting, { asked: formatNeed(need), certainty, lines }),
        );
    }
    case "directive": {
      const { directive: name } = asked.for;
      const directive = context.directives.find(each => each.directive === name);
      const setting = context.settings.values.get(name);
      if (directive === undefined || setting === undefined || !isInForce(setting)) return [];
      return [causeOf(directive, setting, { asked: "", certainty, lines: [] })];
    }
    case "listed-path": {
      const { path } = asked.for;
      return context.directives.flatMap(directive => {
        const setting = context.settings.values.get(directive.directive);
        if (setting?.value.kind !== "list" || !isInForce(setting)) return [];
        const entries = setting.value.value.filter(entry => pathOf(entry).startsWith("/"));
        const guilty = entries.filter(entry => !/^\+?-/.test(entry) && isMeant(entry, path, context));
        if (guilty.length === 0) return [];
        const asked = path === undefined ? "" : `read:${path}`;
        return [
          causeOf(directive, setting, { asked, certainty, lines: optional(directive, entries, guilty) }),
        ];
      });
    }
  }
}

/**
 * The log says that something of a kind was denied, and not what: the directives that deny what evidence shows of that kind.
 * What is only assumed of most services shows nothing of this one.
 */
function causesShown(
  { kind }: NeedPattern,
  certainty: DenialCertainty,
  context: DenierContext,
  needs: readonly Need[],
): readonly { readonly directive: Directive; readonly cause: FailureCause }[] {
  const known = needs.filter(
    need =>
      need.kind === kind &&
      need.subject !== undefined &&
      need.subject !== "*" &&
      need.certainty !== "assumed",
  );
  const found = known.flatMap(need => deniersOf(need, context).map(denier => ({ need, denier })));
  const directives = [...new Set(found.map(({ denier }) => denier.directive))];
  return directives.flatMap(directive => {
    const own = found.filter(({ denier }) => denier.directive === directive);
    const setting = own[0]?.denier.setting;
    if (setting === undefined) return [];
    const lines = joined(
      own.flatMap(({ denier }) => denier.lines),
      setting,
    );
    const asked = [...new Set(own.map(({ need }) => formatNeed(need)))].join(" ");
    const shownBy = own.map(({ need }) => need.evidence);
    return [{ directive, cause: { ...causeOf(directive, setting, { asked, certainty, lines }), shownBy } }];
  });
}

const LISTS_OF_MEMBERS: readonly Setting["value"]["kind"][] = [
  "capabilities",
  "families",
  "namespaces",
  "syscalls",
];

/** Members of one list on one line. */
function joined(lines: readonly string[], { value }: Setting): readonly string[] {
  const unique = [...new Set(lines)];
  const first = unique[0];
  if (first === undefined || !LISTS_OF_MEMBERS.includes(value.kind)) return unique;
  const members = unique.map(line => line.slice(line.indexOf("=") + 1));
  return [`${first.slice(0, first.indexOf("="))}=${members.join(" ")}`];
}

/** systemd.exec(5), ReadWritePaths=: with the prefix `-` a path that does not exist is passed over. A list is replaced as a whole. */
function optional(
  { directive }: Directive,
  entries: readonly string[],
  guilty: readonly string[],
): readonly string[] {
  const changed = entries.map(entry => (guilty.includes(entry) ? `-${entry}` : entry));
  return [`${directive}=`, `${directive}=${changed.join(" ")}`];
}

function isMeant(entry: string, path: string | undefined, { pathKind }: DenierContext): boolean {
  const own = pathOf(entry);
  return path === undefined ? pathKind?.(own) === "missing" : own === path || `${own}/` === path;
}

function isInForce(setting: Setting): boolean {
  return setting.isSet || setting.impliedBy.length > 0;
}

function causeOf(
  directive: Directive,
  setting: Setting,
  rest: Pick<FailureCause, "asked" | "certainty" | "lines">,
): FailureCause {
  const last = setting.origins.at(-1);
  return {
    directive: directive.directive,
    value: setting.origins.map(({ value }) => value).join(" "),
    ...(last === undefined ? {} : { position: last.position }),
    impliedBy: setting.impliedBy,
    ...rest,
    ...(directive.mend === undefined ? {} : { mend: directive.mend }),
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
