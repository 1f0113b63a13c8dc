// The gate as a library: loaded units and a policy come in, a verdict goes out, and every report of it. What the command
// reads from files (waivers, a baseline) comes in as text.
import { readWaiverFile } from "./cli/waiver-file.ts";
import { parseBaseline } from "./gate/baseline.ts";
import type { GateResult, Severity } from "./gate/finding.ts";
import { judge } from "./gate/judge.ts";
import { type Demands, emptyPolicy, type Policy, parseDemand, type SeverityChoice } from "./gate/policy.ts";
import { readDemands } from "./gate/read-demands.ts";
import { ruleNames } from "./gate/rule-names.ts";
import { findInUnit } from "./gate/unit-findings.ts";
import { kindsOf } from "./gate/unit-kinds.ts";
import { commentWaivers, isDay } from "./gate/waiver.ts";
import type { LoadedUnit } from "./host/loaded-unit.ts";
import { checkTexts } from "./report/check-texts.ts";
import { plainFile, type ReportFile, type ReportFix } from "./report/formats/format.ts";
import { formatNamed, formats } from "./report/formats/formats.ts";
import { diagnosticLine, speaker } from "./report/messages.ts";
import { reportUnit } from "./report/report-unit.ts";
import { ruleTexts } from "./report/rule-texts.ts";
import { loadMessages, messagesOf } from "./rules/messages.ts";
import type { Pack } from "./rules/pack.ts";
import { checksFor } from "./score/assess.ts";
import { type AuditContext, auditUnit } from "./score/audit-unit.ts";

/** What is asked of units; docs/gate.md explains each. */
export interface DemandOptions {
  /** Tenths, 0…100: 50 is what people write as 5.0. */
  readonly maxExposure?: number;
  /** `NoNewPrivileges=yes`, `ProtectSystem=full|strict`, `User`. */
  readonly require?: readonly string[];
  readonly forbid?: readonly string[];
}

export interface PolicyOptions extends DemandOptions {
  /** The least severity that fails; "error" by default. */
  readonly failOn?: Severity;
  /** By kind: `root`, `network`, `user`. */
  readonly kinds?: Readonly<Record<string, DemandOptions>>;
  /** By patterns of names; of several that fit, the last one's bar counts. */
  readonly units?: readonly (DemandOptions & { readonly pattern: string })[];
  /** Severities of single rules and checks. */
  readonly rules?: Readonly<Record<string, SeverityChoice>>;
  /** Severities of whole packs; `on` makes every failed check of the pack a finding. */
  readonly packs?: Readonly<Record<string, SeverityChoice | "on">>;
  readonly minSystemd?: number;
  readonly maxSystemd?: number;
  /** The text of a tightunit.waivers. */
  readonly waivers?: string;
  /** The text of a tightunit.baseline. */
  readonly baseline?: string;
  /** `YYYY-MM-DD`, for waivers and reports; today by default. */
  readonly date?: string;
}

export interface ReportOptions {
  /** Where readers find a file that findings name; by default relative paths are below the source tree. */
  readonly fileOf?: (file: string) => ReportFile;
  /** Drop-ins that SARIF offers as fixes. */
  readonly fixes?: readonly ReportFix[];
}

export interface Verdict {
  readonly result: GateResult;
  /** @param format one of `formatNames`. @throws {RangeError} for another. */
  report(format: string, options?: ReportOptions): Promise<string>;
}

/** What `Verdict.report` takes. */
export const formatNames: readonly string[] = formats.map(each => each.name);

/** @throws {RangeError} where the policy asks for what systemd does not take, or a day is none. */
export function gateUnits(
  units: readonly LoadedUnit[],
  options: PolicyOptions,
  context: AuditContext,
  tool: string,
): Verdict {
  const { target, pack, rulePacks } = context;
  const packs: readonly Pack[] = [pack, ...rulePacks];
  const speak = speaker(Object.assign(Object.create(null), loadMessages(), ...packs.map(messagesOf)));
  const policy = policyOf(options);
  const { demands, problems } = readDemands(policy, context);
  const [problem] = problems;
  if (problem !== undefined) throw new RangeError(`${problem.written}: ${speak(problem.diagnostic)}`);
  const today = options.date ?? new Date().toISOString().slice(0, 10);
  if (!isDay(today)) throw new RangeError(`"${today}" is no day such as 2027-01-31`);
  const names = ruleNames(packs);
  const audited = units.map(unit => auditUnit(unit, context));
  const found = audited.map(each => findInUnit(each, { audit: context, policy, demands, packs: [] }));
  const read = [
    ...audited.map((each, at) => commentWaivers(each.unit, found[at]?.name ?? "", names)),
    ...(options.waivers === undefined ? [] : [readWaiverFile(options.waivers, "tightunit.waivers", names)]),
  ];
  const baseline =
    options.baseline === undefined ? undefined : parseBaseline(options.baseline, "tightunit.baseline", names);
  const wrong = baseline?.diagnostics.find(each => each.severity === "error");
  if (wrong !== undefined) throw new RangeError(diagnosticLine(wrong, speak));
  const result = judge({
    units: found,
    others: [],
    policy,
    waivers: read.flatMap(each => each.waivers),
    badWaivers: read.flatMap(each => each.diagnostics),
    today,
    isWhole: true,
    ...(baseline === undefined ? {} : { baseline }),
  });
  return {
    result,
    async report(name, { fileOf = plainFile, fixes = [] } = {}) {
      const format = formatNamed(name);
      if (format === undefined)
        throw new RangeError(`there is no format "${name}", but ${formatNames.join(", ")}`);
      return format.render({
        head: {
          tool,
          systemd: String(target.version),
          profile: String(target.profile),
          arch: target.arch,
          scope: target.scope,
        },
        ...{ result, speak, fileOf, fixes, date: today },
        rules: ruleTexts(packs),
        texts: checkTexts(checksFor(pack, target), context.policy),
        units:
          format.needs === "units"
            ? audited.map(each =>
                reportUnit(each, {
                  speak,
                  kinds: each.settings === undefined ? [] : kindsOf(each.unit, each.settings, context.facts),
                }),
              )
            : [],
      });
    },
  };
}

function policyOf(options: PolicyOptions): Policy {
  const { failOn = emptyPolicy.failOn, kinds = {}, units = [], rules = {}, packs = {} } = options;
  const { minSystemd, maxSystemd } = options;
  return {
    failOn,
    all: demandsOf(options),
    kinds: Object.entries(kinds).map(([kind, each]) => ({ kind, demands: demandsOf(each) })),
    units: units.map(each => ({ pattern: each.pattern, demands: demandsOf(each) })),
    rules: new Map(Object.entries(rules)),
    packs: new Map(Object.entries(packs)),
    ...(minSystemd === undefined ? {} : { minSystemd }),
    ...(maxSystemd === undefined ? {} : { maxSystemd }),
  };
}

function demandsOf({ maxExposure, require = [], forbid = [] }: DemandOptions): Demands {
  if (maxExposure !== undefined && !(Number.isInteger(maxExposure) && maxExposure >= 0 && maxExposure <= 100))
    throw new RangeError(`maxExposure is in tenths, 0 to 100, not ${maxExposure}`);
  return {
    require: require.map(parseDemand),
    forbid: forbid.map(parseDemand),
    ...(maxExposure === undefined ? {} : { maxExposure }),
  };
}
