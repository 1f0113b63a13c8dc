import type { FileTree } from "../../host/file-tree.ts";
import { expandPattern, matchesPattern } from "../../host/glob.ts";
import type { Condition } from "../../rules/profiles.ts";
import type { Evidence } from "../need.ts";
import { isWholeSystem } from "./config-text.ts";
import { type ConfigReading, type ConfigSetting, matchesKey } from "./read-config.ts";

/** Whether a profile's condition holds for this service, and where that stands. */
export type Truth =
  | { readonly kind: "yes"; readonly evidence: Evidence }
  | { readonly kind: "no" }
  | { readonly kind: "unknown" };

/** Everything that conditions may be about. */
export interface ConditionContext {
  /** `undefined` where there is no file system to look at. */
  readonly tree: FileTree | undefined;
  readonly reading: ConfigReading | undefined;
  /** Of the program; a `$` in one stands for what nobody knows. */
  readonly args: readonly string[];
  readonly argsEvidence: Evidence;
  readonly isRoot: boolean;
  /** The program's base name. */
  readonly program: string;
  /** Whether the service lives below /home or /root, as far as unit and accounts tell. */
  readonly isAtHome: boolean | undefined;
}

/** Whether one of the conditions holds: `no` only where every one could be looked up. */
export function judgeConditions(conditions: readonly Condition[], context: ConditionContext): Truth {
  let isUnknown = false;
  for (const condition of conditions) {
    const truth = judgeOne(condition, context);
    if (truth.kind === "yes") return truth;
    isUnknown ||= truth.kind === "unknown";
  }
  return { kind: isUnknown ? "unknown" : "no" };
}

/** The members of one condition hold together. */
function judgeOne(condition: Condition, context: ConditionContext): Truth {
  const parts: Truth[] = [];
  const given = (holds: boolean): Truth =>
    holds ? { kind: "yes", evidence: context.argsEvidence } : { kind: "no" };
  if (condition.root !== undefined) parts.push(given(context.isRoot));
  if (condition.program !== undefined) parts.push(given(matchesPattern(condition.program, context.program)));
  if (condition.home !== undefined)
    parts.push(context.isAtHome === undefined ? { kind: "unknown" } : given(context.isAtHome));
  if (condition.argument !== undefined) parts.push(judgeArgument(condition.argument, context));
  if (condition.exists !== undefined) parts.push(judgeExists(condition.exists, context));
  if (condition.key !== undefined) parts.push(judgeKey(condition.key, condition, context));
  const [no, unknown] = [parts.find(part => part.kind === "no"), parts.find(part => part.kind === "unknown")];
  const truth = no ?? unknown ?? parts.at(-1) ?? { kind: "unknown" };
  return condition.may === true && truth.kind === "yes" ? { kind: "unknown" } : truth;
}

function judgeArgument(pattern: string, context: ConditionContext): Truth {
  const regex = new RegExp(pattern);
  if (context.args.some(arg => regex.test(arg))) return { kind: "yes", evidence: context.argsEvidence };
  return { kind: context.args.some(arg => arg.includes("$")) ? "unknown" : "no" };
}

function judgeExists(pattern: string, { tree }: ConditionContext): Truth {
  const found = tree === undefined ? undefined : expandPattern(tree, pattern)[0];
  if (found !== undefined)
    return { kind: "yes", evidence: { by: "config", file: found, detail: `${found} is there` } };
  return { kind: tree !== undefined && isWholeSystem(tree) ? "no" : "unknown" };
}

function judgeKey(key: string, condition: Condition, context: ConditionContext): Truth {
  const truth = judgeSet(key, condition, context);
  if (condition.unset !== true || truth.kind === "unknown") return truth;
  if (truth.kind === "yes") return { kind: "no" };
  const file = context.reading?.files[0];
  return {
    kind: "yes",
    evidence: { by: "config", ...(file === undefined ? {} : { file }), detail: `${key} is not set` },
  };
}

function judgeSet(key: string, { path, value }: Condition, { reading, tree }: ConditionContext): Truth {
  if (reading === undefined || tree === undefined) return { kind: "unknown" };
  const regex = value === undefined ? undefined : new RegExp(value, "i");
  const found = reading.settings.find(
    setting =>
      (path === undefined || setting.rule.path === path) &&
      matchesKey(key, setting.plain) &&
      (regex === undefined || regex.test(setting.value)),
  );
  if (found !== undefined) return { kind: "yes", evidence: settingEvidence(found) };
  if (reading.isComplete) return { kind: "no" };
  // A file of its own that is not there says nothing, whatever the others are.
  const isMissing = path !== undefined && isWholeSystem(tree) && expandPattern(tree, path).length === 0;
  return { kind: isMissing ? "no" : "unknown" };
}

/** Where a setting stands, for a person who wants to check it. */
export function settingEvidence(setting: ConfigSetting): Evidence {
  const text = [setting.key, ...setting.values].join(" ");
  return { by: "config", file: setting.file, line: setting.line, detail: text.slice(0, 200) };
}
