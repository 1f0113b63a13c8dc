// What a team asks of its units, as data: bars and demands for all, by kind and by name, and what counts how much.
import type { Severity } from "./finding.ts";

/** `DIRECTIVE=VALUE`, `DIRECTIVE=VALUE|VALUE`, or `DIRECTIVE` alone. */
export interface Demand {
  readonly written: string;
  readonly directive: string;
  /** Any of them will do; none where the directive alone is named. */
  readonly values: readonly string[];
}

/** What is asked of the units that a part of the policy is about. */
export interface Demands {
  /** Tenths, 0…100. */
  readonly maxExposure?: number;
  readonly require: readonly Demand[];
  readonly forbid: readonly Demand[];
}

export type SeverityChoice = Severity | "off";

export interface Policy {
  /** The least severity that fails. */
  readonly failOn: Severity;
  readonly all: Demands;
  /** By a kind of rules/gate/kinds.json. */
  readonly kinds: readonly { readonly kind: string; readonly demands: Demands }[];
  /** By a pattern of unit names; in the order of the file. */
  readonly units: readonly { readonly pattern: string; readonly demands: Demands }[];
  /** Of single rules and checks, by their present names. */
  readonly rules: ReadonlyMap<string, SeverityChoice>;
  /** Of all rules and checks of a pack; `on` leaves its own severities, and makes its failed checks findings. */
  readonly packs: ReadonlyMap<string, SeverityChoice | "on">;
  /** The systemd versions that the units must work on. */
  readonly minSystemd?: number;
  readonly maxSystemd?: number;
}

export const noDemands: Demands = { require: [], forbid: [] };

/** Nothing is asked beyond what the gate's rules and the packs find by themselves. */
export const emptyPolicy: Policy = {
  failOn: "error",
  all: noDemands,
  kinds: [],
  units: [],
  rules: new Map(),
  packs: new Map(),
};

/** Takes `ProtectSystem=full|strict` apart; a value with a `|` of its own cannot be asked for. */
export function parseDemand(written: string): Demand {
  const equals = written.indexOf("=");
  if (equals < 0) return { written, directive: written.trim(), values: [] };
  const values = written
    .slice(equals + 1)
    .split("|")
    .map(value => value.trim());
  return { written, directive: written.slice(0, equals).trim(), values };
}
