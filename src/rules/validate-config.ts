// What the ini parser made of a configuration goes in; a typed configuration, or what is wrong with it, goes out.
// The validator is compiled at build time from rules/schema/config.schema.json.
import type { ErrorObject } from "ajv";
import { validate } from "../../dist/validators/config.js";
import { hintFor } from "./hint.ts";

/** What `[gate]`, `[kind "NAME"]` and `[unit "PATTERN"]` may all ask for. */
export interface ConfigDemands {
  readonly "max-exposure"?: string;
  readonly require?: readonly string[];
  readonly forbid?: readonly string[];
}

type Level = "off" | "note" | "warning" | "error";

/** tightunit.conf, checked. Numbers stay text: who uses them knows their range. */
export interface Config {
  readonly audit?: {
    readonly systemd?: string;
    readonly root?: string;
    readonly scope?: "system" | "user";
    readonly format?: "text" | "json" | "ndjson" | "systemd-json";
    readonly arch?: string;
  };
  readonly gate?: ConfigDemands & {
    readonly units?: readonly string[];
    readonly "fail-on"?: "error" | "warning" | "note";
    readonly "min-systemd"?: string;
    readonly "max-systemd"?: string;
    readonly baseline?: string;
    readonly waivers?: string;
    readonly "security-policy"?: string;
    readonly packs?: readonly string[];
    readonly "ignored-lines"?: Level;
  };
  /** By a pack's name. */
  readonly packs?: Readonly<Record<string, Level | "on">>;
  /** By the name of a rule or a check. */
  readonly rules?: Readonly<Record<string, Level>>;
  /** `[unit "PATTERN"]`, in the order of the file. */
  readonly units?: readonly (ConfigDemands & { readonly name: string })[];
  /** `[kind "NAME"]`, in the order of the file. */
  readonly kinds?: readonly (ConfigDemands & { readonly name: string })[];
  readonly report?: { readonly "docs-url"?: string };
  readonly fix?: {
    readonly level?: "safe" | "balanced" | "strict";
    readonly target?: string;
    readonly only?: readonly string[];
    readonly except?: readonly string[];
    readonly "max-risk"?: string;
  };
}

/** One thing that is wrong, by where it stands; `code` and `args` are those of a `Diagnostic`. */
export interface ConfigProblem {
  readonly section: string;
  /** Absent where the section itself is wrong. */
  readonly key?: string;
  readonly code: string;
  readonly args: Readonly<Record<string, string>>;
}

export type ValidatedConfig =
  | { readonly kind: "valid"; readonly config: Config }
  | { readonly kind: "invalid"; readonly problems: readonly ConfigProblem[] };

export function validateConfig(parsed: unknown): ValidatedConfig {
  // The validator has just said so; ajv's types cannot carry it over.
  if (validate(parsed)) return { kind: "valid", config: parsed as Config };
  const problems = new Map<string, ConfigProblem>();
  for (const error of validate.errors ?? []) {
    const problem = problemOf(error);
    // The first error about a value is the one that matters.
    const place = `${problem.section}\0${problem.key ?? ""}`;
    if (!problems.has(place)) problems.set(place, problem);
  }
  return { kind: "invalid", problems: [...problems.values()] };
}

function problemOf(error: ErrorObject): ConfigProblem {
  const { keyword, params, parentSchema } = error;
  const [, section = "", key] = error.instancePath
    .split("/")
    .map(part => part.replaceAll("~1", "/").replaceAll("~0", "~"));
  if (keyword === "additionalProperties") {
    const name = String(params.additionalProperty);
    const hint = hintFor(name, Object.keys(parentSchema?.properties ?? {}));
    return section === ""
      ? { section: name, code: "config-unknown-section", args: { section: name, ...hint } }
      : { section, key: name, code: "config-unknown-key", args: { section, key: name, ...hint } };
  }
  const at = key === undefined ? { section } : { section, key };
  const name = key ?? section;
  if (keyword === "enum" && Array.isArray(error.data))
    return { ...at, code: "config-is-list", args: { key: name } };
  if (keyword === "enum") {
    const allowed: readonly unknown[] = params.allowedValues;
    const args = {
      key: name,
      value: String(error.data),
      allowed: allowed.join(", "),
      ...hintFor(error.data, allowed),
    };
    return { ...at, code: "config-not-one-of", args };
  }
  if (keyword === "type") {
    // Whole sections cannot be wrong: the ini syntax gives an object for each.
    const code =
      params.type === "array"
        ? "config-no-list"
        : Array.isArray(error.data)
          ? "config-is-list"
          : "config-no-text";
    return { ...at, code, args: { key: name } };
  }
  const expected =
    typeof parentSchema?.description === "string" ? parentSchema.description : "A value is needed.";
  return { ...at, code: "config-bad-value", args: { key: name, value: String(error.data), expected } };
}
