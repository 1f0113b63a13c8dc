// Evidence 1: what the unit itself declares. Its settings go in, needs and what the unit provides come out.

import type { UnitEvidenceRule } from "../rules/evidence.ts";
import type { Setting, Settings, SettingValue } from "../settings/settings.ts";
import type { Evidence, Need } from "./need.ts";
import { type NeedPattern, parseNeedPattern } from "./need-pattern.ts";

export interface UnitNeeds {
  readonly needs: readonly Need[];
  /** Needs that systemd itself satisfies, such as a StateDirectory= that it keeps writable. */
  readonly provided: readonly NeedPattern[];
}

/**
 * Reads the needs that `rules/needs/unit-evidence.json` sees in the unit's settings.
 * @param capabilities every capability's name, in the order of the numbers
 */
export function unitNeeds(
  settings: Settings,
  rules: readonly UnitEvidenceRule[],
  capabilities: readonly string[],
): UnitNeeds {
  const needs: Need[] = [];
  const provided: NeedPattern[] = [];
  for (const rule of rules) {
    const setting = settings.values.get(rule.directive);
    if (setting === undefined || (rule.set === true && !setting.isSet)) continue;
    const evidence = evidenceOf(setting, rule);
    const words = wordsOf(setting, capabilities);
    if (rule.most !== undefined && words.length > rule.most) continue;
    const sure =
      rule.prior === undefined
        ? { certainty: "declared" as const }
        : { certainty: "assumed" as const, prior: rule.prior };
    for (const word of words) {
      const subject = subjectOf(word, rule, settings.target.scope);
      if (subject === undefined) continue;
      const fill = (template: string) => parseNeedPattern(template.replace("{}", subject));
      for (const template of [...(rule.each ?? []), ...(rule.needs ?? [])]) {
        needs.push({ ...fill(template), ...sure, evidence });
      }
      provided.push(...(rule.provides ?? []).map(fill));
    }
  }
  return { needs, provided };
}

/** The word that a rule is about; `undefined` where the rule does not match it. */
function subjectOf(word: string, rule: UnitEvidenceRule, scope: "system" | "user"): string | undefined {
  const match = new RegExp(rule.match ?? "").exec(word);
  if (match === null) return undefined;
  const subject = match[1] ?? word;
  if (rule.folder === undefined) return isPathRule(rule) ? stripPathPrefix(subject) : subject;
  const folder = rule.folder[scope];
  // StateDirectory=foo:bar links bar to foo: the folder is foo.
  return folder === undefined ? undefined : `${folder}/${subject.split(":", 1)[0]}`;
}

function isPathRule(rule: UnitEvidenceRule): boolean {
  return (rule.each ?? []).some(template => /^(read|write|exec):/.test(template));
}

/** `-/a` and `+/a` stand for /a, and `/a:/b:opts` is seen by the service as /b. systemd.exec(5), BindPaths=. */
function stripPathPrefix(word: string): string | undefined {
  const [source, destination] = word.replace(/^[-+~!]+/, "").split(":");
  const path = destination?.startsWith("/") ? destination : source;
  return path?.startsWith("/") ? path : undefined;
}

/** A value as the words that a person would write. */
function wordsOf(
  { value, origins }: { readonly value: SettingValue; readonly origins: Setting["origins"] },
  capabilities: readonly string[],
): readonly string[] {
  switch (value.kind) {
    case "boolean":
      return [value.value ? "yes" : "no"];
    case "word":
    case "text":
      return value.value === "" ? [] : [value.value];
    case "number":
      return [value.value.toString(8).padStart(4, "0")];
    case "list":
      return value.value;
    case "capabilities": {
      const { mask } = value;
      return capabilities.filter((_, number) => (mask >> BigInt(number)) % 2n === 1n);
    }
    case "namespaces":
      return value.allowed;
    case "families":
      return value.mode === "allow" ? value.names : [];
    case "devices":
      return value.rules.map(rule => rule.path);
    case "delegate":
      return [value.on ? "yes" : "no"];
    case "syscalls":
      // The words as written: a set stands for itself, and what every service may do says nothing of this one.
      return value.mode !== "allow"
        ? []
        : origins
            .map(origin => origin.value.trim())
            .filter(text => !text.startsWith("~"))
            .flatMap(text => text.split(/\s+/))
            .filter(word => word !== "" && !["@system-service", "@default", "@known"].includes(word));
    case "addresses":
    case "commands":
      return [];
  }
}

function evidenceOf(setting: Setting, rule: UnitEvidenceRule): Evidence {
  const origin = setting.origins.at(-1);
  return {
    by: "unit",
    ...(origin ? { file: origin.position.file, line: origin.position.line } : {}),
    detail: origin ? `${origin.key}=${origin.value}: ${rule.because}`.slice(0, 200) : rule.because,
  };
}
