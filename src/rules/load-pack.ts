// A user's pack comes in as text; a pack that the schema accepts, or everything that is wrong with it, goes out.
// The validator is compiled at build time from rules/schema/pack.schema.json.
import type { ErrorObject } from "ajv";
import { validate as validatePack } from "../../dist/validators/pack.js";
import type { Diagnostic } from "./diagnostic.ts";
import { hintFor } from "./hint.ts";
import { type JsonSource, type JsonValue, parseJson, pointerOf, positionOf } from "./json-source.ts";
import type { Assess, Pack } from "./pack.ts";

/** More than a person reads at once; a broken file can have thousands. */
const MAX_PROBLEMS = 50;

/** Of checks and of rules; the validator's time grows with the square of the wrong ones. Ours have 81 at most. */
const MAX_ENTRIES = 1000;

function lengthOf(value: JsonValue, key: string): number {
  const list = typeof value === "object" && value !== null ? Object.entries(value) : [];
  const found = list.find(([name]) => name === key)?.[1];
  return Array.isArray(found) ? found.length : 0;
}

function at(source: JsonSource, pointer: string): Pick<Diagnostic, "position"> {
  const position = positionOf(source, pointer);
  return position === undefined ? {} : { position };
}

/** `/checks/3/assess/kind` as people write it: `checks[3].assess.kind`. */
function readablePath(pointer: string): string {
  const path = pointer
    .split("/")
    .slice(1)
    .map(part => part.replaceAll("~1", "/").replaceAll("~0", "~"))
    .map(part => (/^\d+$/.test(part) ? `[${part}]` : `.${part}`))
    .join("");
  return path === "" ? "the pack" : path.replace(/^\./, "");
}

type Problem = Pick<Diagnostic, "code"> & { readonly args?: Readonly<Record<string, string>> };

/** One diagnostic for an error of the validator, or nothing where another error says it better. */
function describe(error: ErrorObject, source: JsonSource): Diagnostic | undefined {
  const { keyword, params, instancePath } = error;
  const problem = problemOf(error);
  if (problem === undefined) return undefined;
  const pointer =
    keyword === "additionalProperties"
      ? pointerOf(instancePath, String(params.additionalProperty))
      : instancePath;
  return {
    code: problem.code,
    severity: "error",
    ...at(source, pointer),
    args: { path: readablePath(pointer), ...problem.args },
  };
}

function problemOf({ keyword, params, instancePath, parentSchema, data }: ErrorObject): Problem | undefined {
  switch (keyword) {
    // It only repeats that something below it failed.
    case "if":
      return undefined;
    case "additionalProperties":
      return {
        code: "pack-unknown-key",
        args: hintFor(String(params.additionalProperty), Object.keys(parentSchema?.properties ?? {})),
      };
    case "required":
      return instancePath === "" && ["checks", "rules"].includes(params.missingProperty)
        ? undefined
        : { code: "pack-key-missing", args: { key: String(params.missingProperty) } };
    case "enum": {
      const allowed: readonly unknown[] = params.allowedValues;
      return { code: "pack-not-one-of", args: { allowed: allowed.join(", "), ...hintFor(data, allowed) } };
    }
    case "const":
      return { code: "pack-not-the-word", args: { allowed: JSON.stringify(params.allowedValue) } };
    case "anyOf":
      return { code: "pack-without-content" };
    case "type":
      return { code: "pack-wrong-type", args: { type: String(params.type) } };
    case "pattern":
      return { code: "pack-wrong-form", args: { pattern: String(params.pattern) } };
    case "minimum":
    case "maximum":
    case "exclusiveMinimum":
    case "exclusiveMaximum":
      return { code: "pack-out-of-range", args: { bound: `${params.comparison} ${params.limit}` } };
    case "minItems":
    case "minLength":
    case "minProperties":
      return { code: "pack-too-short", args: { limit: String(params.limit) } };
    default:
      return { code: "pack-invalid", args: { keyword } };
  }
}

/** The worst that an assessment can give, apart from a plain "bad", which is the range itself. */
function worstOf(assess: Assess): number {
  switch (assess.kind) {
    case "constant":
      return assess.badness;
    case "word":
      return Math.max(assess.otherwise, ...Object.values(assess.badness));
    case "user":
      return Math.max(assess.sharedBadness, assess.rootBadness);
    case "syscalls":
      return Math.max(assess.allowBadness, assess.denyBadness);
    case "list":
      return Math.max(assess.empty, assess.otherwise, ...Object.values(assess.exactly ?? {}));
    case "bits":
      return Math.max(...assess.unset.map(([, badness]) => badness));
    case "addresses":
      return Math.max(assess.open, assess.some, assess.local, assess.none);
    case "devices":
      return Math.max(assess.open, assess.listed, assess.none);
    default:
      return 0;
  }
}

/** What no schema can say: names that are there twice, groups that are not, a badness beyond its range. */
function* inconsistencies(pack: Pack, source: JsonSource): Generator<Diagnostic> {
  const error = (code: string, pointer: string, args: Readonly<Record<string, string>>): Diagnostic => ({
    code,
    severity: "error",
    ...at(source, pointer),
    args: { path: readablePath(pointer), ...args },
  });
  const seen = new Set<string>();
  for (const [index, check] of (pack.checks ?? []).entries()) {
    const pointer = `/checks/${index}`;
    if (seen.has(check.id)) yield error("pack-duplicate-id", `${pointer}/id`, { id: check.id });
    seen.add(check.id);
    const all = [check.assess, ...(check.overrides ?? []).flatMap(override => override.assess ?? [])];
    const badness = Math.max(...all.map(worstOf));
    if (badness > check.range) {
      yield error("pack-badness-above-range", `${pointer}/assess`, {
        badness: String(badness),
        range: String(check.range),
      });
    }
  }
  const groups = Object.keys(pack.groups ?? {});
  for (const [index, rule] of (pack.rules ?? []).entries()) {
    const pointer = `/rules/${index}`;
    if (seen.has(rule.rule)) yield error("pack-duplicate-id", `${pointer}/rule`, { id: rule.rule });
    seen.add(rule.rule);
    const { detect } = rule;
    const names = "directives" in detect ? detect.directives : "sandbox" in detect ? detect.sandbox : [];
    for (const name of names.filter(each => each.startsWith("@") && !groups.includes(each.slice(1)))) {
      yield error("pack-unknown-group", `${pointer}/detect`, {
        group: name,
        ...hintFor(name.slice(1), groups),
      });
    }
  }
}

/**
 * Reads and checks a pack.
 * @param file what messages call it
 * @returns the pack with warnings, or without it and at least one diagnostic of severity `error`, each with its line
 */
export function loadPack(
  text: string,
  file: string,
): { readonly pack?: Pack; readonly diagnostics: readonly Diagnostic[] } {
  const source = parseJson(text, file);
  if (!("value" in source)) return { diagnostics: [source] };
  const crowded = ["checks", "rules"].find(list => lengthOf(source.value, list) > MAX_ENTRIES);
  if (crowded !== undefined) {
    const args = { path: crowded, limit: String(MAX_ENTRIES) };
    const error: Diagnostic = {
      code: "pack-too-many",
      severity: "error",
      ...at(source, `/${crowded}`),
      args,
    };
    return { diagnostics: [...source.diagnostics, error] };
  }
  if (!validatePack(source.value)) {
    const distinct = new Map<string, Diagnostic>();
    for (const error of validatePack.errors ?? []) {
      const problem = describe(error, source);
      if (problem !== undefined) distinct.set(JSON.stringify(problem), problem);
      if (distinct.size === MAX_PROBLEMS) break;
    }
    return { diagnostics: [...source.diagnostics, ...distinct.values()] };
  }
  // The validator has just said so; ajv's types cannot carry it over.
  const pack = source.value as unknown as Pack;
  const problems = [...inconsistencies(pack, source)].slice(0, MAX_PROBLEMS);
  const diagnostics = [...source.diagnostics, ...problems];
  return problems.length === 0 ? { pack, diagnostics } : { diagnostics };
}
