import type { SystemdFacts } from "../rules/systemd-facts.ts";
import type { Implication } from "../rules/systemd-rules.ts";
import { parseUnitName } from "../unit/unit-name.ts";
import type { Baseline } from "./baseline.ts";
import { holds } from "./conditions.ts";
import { dueFor, markDue } from "./due.ts";
import { capabilityNumber } from "./parse-capabilities.ts";
import { isStrictUserName } from "./parse-names.ts";
import { type DeviceRule, lookUp, type Setting, type SettingValue } from "./settings.ts";

/** What directives do to one another once all files are read, in systemd's order: each sees what those before it did. */
export function applyImplications(
  unit: string,
  touched: Map<string, Setting>,
  { implications, target, unitType, facts, values: defaults }: Baseline,
): void {
  const values = lookUp({ touched, defaults });
  const subject = { values, target, unitType, unit };
  const { rules, watch } = implications;
  const due = dueFor(touched.keys(), watch);
  rules.forEach(({ entry: implication }, index) => {
    if (due[index] !== 1) return;
    const setting = values.get(implication.directive);
    if (setting === undefined || !holds(implication.when, subject)) return;
    const value = impliedValue(implication, setting.value, unit, facts);
    if (value === undefined) return;
    const causes = implication.because.filter(
      directive => values.get(directive)?.isSet && !setting.impliedBy.includes(directive),
    );
    touched.set(implication.directive, { ...setting, value, impliedBy: [...setting.impliedBy, ...causes] });
    markDue(implication.directive, watch, due);
  });
}

/** @returns `undefined` where it changes nothing. */
function impliedValue(
  { set, setToPrefix, drop, prepend }: Implication,
  value: SettingValue,
  unit: string,
  facts: SystemdFacts,
): SettingValue | undefined {
  if (set !== undefined) return wordValue(set, value);
  if (setToPrefix) return { kind: "text", value: dynamicUserName(unit) };
  if (drop && value.kind === "capabilities") {
    const bits = drop.reduce(
      (sum, name) => sum | (1n << BigInt(capabilityNumber(name, facts.words.capabilities) ?? 0)),
      0n,
    );
    return (value.mask & bits) === 0n ? undefined : { kind: "capabilities", mask: value.mask & ~bits };
  }
  if (prepend && value.kind === "devices")
    return { kind: "devices", rules: [...prepend.map(readRule).reverse(), ...value.rules] };
  return undefined;
}

function wordValue(text: string, before: SettingValue): SettingValue | undefined {
  if (before.kind === "boolean") {
    const value = text === "yes";
    return before.value === value ? undefined : { kind: "boolean", value };
  }
  if (before.kind !== "word") return undefined;
  return before.value === text ? undefined : { kind: "word", value: text };
}

function readRule(text: string): DeviceRule {
  const [path = "", rights = ""] = text.split(" ");
  return { path, rights };
}

/** systemd.exec(5), DynamicUser=: the unit's name before `@` or suffix; systemd hashes one that is no login name. */
function dynamicUserName(unit: string): string {
  const prefix = parseUnitName(unit)?.prefix ?? "";
  return isStrictUserName(prefix) ? prefix : "_du";
}
