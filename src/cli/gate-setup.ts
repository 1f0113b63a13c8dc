// The configuration's [gate], [kind], [unit], [packs] and [rules] → a policy and packs, or everything that is wrong with
// them. What every thread of a run needs; the waivers and the baseline are for the judge alone: gate-files.ts.
import { resolve } from "node:path";
import { type Demands, emptyPolicy, type Policy, parseDemand } from "../gate/policy.ts";
import { type RuleNames, ruleNames } from "../gate/rule-names.ts";
import { didYouMean } from "../rules/did-you-mean.ts";
import { loadGateRules, loadUnitKinds } from "../rules/gate-rules.ts";
import type { Pack } from "../rules/pack.ts";
import type { Config, ConfigDemands } from "../rules/validate-config.ts";
import { dayOf } from "./day-of.ts";
import { parseExposure } from "./exposure.ts";
import { Failure } from "./failure.ts";
import type { GateOptions } from "./options.ts";
import { loadOrganisationPacks } from "./organisation-packs.ts";
import type { Terminal } from "./terminal.ts";

export interface GateSetup {
  readonly policy: Policy;
  /** Packs of the organisation. */
  readonly packs: readonly Pack[];
  readonly securityPolicy?: string;
  readonly names: RuleNames;
  readonly today: string;
  /** Where the team keeps pages about rules. */
  readonly docsUrl: string | undefined;
}

/**
 * @param packs what units are scored by and what finds traps, so that rules can be named.
 * @throws {Failure} on anything wrong with the policy or a pack that it names.
 */
export async function gateSetup(
  options: GateOptions,
  standard: readonly Pack[],
  terminal: Pick<Terminal, "cwd" | "warn">,
): Promise<GateSetup> {
  const { config, folder } = options.configured ?? { config: {}, folder: terminal.cwd };
  const gate = config.gate ?? {};
  const packs = await loadOrganisationPacks(gate.packs ?? [], folder, terminal.warn);
  const names = ruleNames([...standard, ...packs]);
  const policy = policyOf(config, options, names, [...standard, ...packs]);
  const policyFile = gate["security-policy"];
  return {
    policy,
    packs,
    names,
    today: dayOf(options.date),
    docsUrl: config.report?.["docs-url"],
    ...(policyFile === undefined ? {} : { securityPolicy: resolve(folder, policyFile) }),
  };
}

function policyOf(config: Config, options: GateOptions, names: RuleNames, packs: readonly Pack[]): Policy {
  const gate = config.gate ?? {};
  const all = demandsOf({
    ...gate,
    ...(options.maxExposure === undefined ? {} : { "max-exposure": options.maxExposure }),
  });
  const kinds = (config.kinds ?? []).map(part => ({
    kind: known(
      part.name,
      loadUnitKinds().map(each => each.kind),
      "kind of services",
    ),
    demands: demandsOf(part),
  }));
  const packNames = packs.map(pack => pack.pack);
  const ignored = gate["ignored-lines"];
  const ofIgnored =
    ignored === undefined
      ? []
      : loadGateRules().flatMap(each =>
          each.codes && each.severity === "error" ? [[each.rule, ignored] as const] : [],
        );
  const ofRules = Object.entries(config.rules ?? {}).map(([name, level]) => {
    const rule = names.presentName(name);
    return [rule ?? known(name, names.all, "rule"), level] as const;
  });
  return {
    ...emptyPolicy,
    failOn: gate["fail-on"] ?? emptyPolicy.failOn,
    all,
    kinds,
    units: (config.units ?? []).map(part => ({ pattern: part.name, demands: demandsOf(part) })),
    rules: new Map([...ofIgnored, ...ofRules]),
    packs: new Map(
      Object.entries(config.packs ?? {}).map(([name, level]) => [known(name, packNames, "pack"), level]),
    ),
    ...version("minSystemd", gate["min-systemd"]),
    ...version("maxSystemd", gate["max-systemd"]),
  };
}

function demandsOf(part: ConfigDemands): Demands {
  const bar = part["max-exposure"];
  return {
    ...(bar === undefined ? {} : { maxExposure: parseExposure(bar, "--max-exposure") }),
    require: (part.require ?? []).map(parseDemand),
    forbid: (part.forbid ?? []).map(parseDemand),
  };
}

function version(key: "minSystemd" | "maxSystemd", text: string | undefined): object {
  return text === undefined ? {} : { [key]: Number(text) };
}

function known(name: string, all: readonly string[], what: string): string {
  if (all.includes(name)) return name;
  const meant = didYouMean(name, all);
  throw new Failure(
    `the configuration names no ${what} "${name}"${meant === undefined ? "" : `; did you mean ${meant}?`}`,
  );
}
