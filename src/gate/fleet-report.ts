// What a report of many hosts says. Exposures are tenths, as everywhere; lists are complete and sorted.
import type { AuditStatus } from "../score/audited-unit.ts";
import type { UnitDigest } from "./fleet-digest.ts";

export interface FleetHost {
  readonly host: string;
  readonly units: number;
  readonly scored: number;
  readonly worst: { readonly unit: string; readonly exposure: number } | null;
  readonly median: number | null;
  /** Units above the bar. */
  readonly above: number;
  readonly errors: number;
  readonly warnings: number;
  /** Units that differ from the same unit on most hosts of one of its groups. */
  readonly drifting: number;
}

/** Hosts with a score that few others have. */
export interface FleetOutlier {
  readonly exposure: number;
  readonly hosts: readonly string[];
}

export interface FleetUnit {
  readonly unit: string;
  /** Hosts that have it, with a score or without. */
  readonly hosts: number;
  readonly scored: number;
  readonly lowest: number | null;
  readonly median: number | null;
  readonly highest: number | null;
  /** Hosts on which it is above the bar. */
  readonly above: number;
  /** The furthest from the median first. */
  readonly outliers: readonly FleetOutlier[];
}

export interface FleetGroup {
  readonly group: string;
  /** `pattern`: as asked for; `same-units`: of hosts with exactly the same units. */
  readonly kind: "pattern" | "same-units";
  readonly hosts: number;
  /** Units that differ between its hosts. */
  readonly drifting: number;
}

/** How a unit stands on some hosts. */
export interface UnitStand {
  readonly status: AuditStatus;
  readonly exposure: number | null;
}

export interface DriftedCheck {
  readonly id: string;
  /** 0 is good; `null` where the check does not apply, or is not known there. */
  readonly most: number | null;
  readonly here: number | null;
  /** `FILE:LINE` that decides it, on most hosts and here; absent where no line does. */
  readonly mostLine?: string;
  readonly line?: string;
}

export interface FleetDrift {
  readonly group: string;
  readonly unit: string;
  /** `different`: other results than on most hosts; `missing`: most hosts have it; `extra`: most hosts have it not. */
  readonly kind: "different" | "missing" | "extra";
  readonly hosts: readonly string[];
  /** How many hosts of the group have what most have, and what that is; `null` where that is no such unit. */
  readonly mostHosts: number;
  readonly most: UnitStand | null;
  readonly here: UnitStand | null;
  readonly checks: readonly DriftedCheck[];
}

/** Over every unit of every host: where a check fails everywhere, one line for all of them helps most. */
export interface FleetCheck {
  readonly id: string;
  readonly failing: number;
  readonly applying: number;
}

export interface FleetSummary {
  readonly hosts: number;
  /** Names of units. */
  readonly units: number;
  /** Units of all hosts. */
  readonly unitsOnHosts: number;
  readonly scored: number;
  readonly median: number | null;
  readonly worst: number | null;
  /** The bar. */
  readonly maxExposure: number;
  readonly above: number;
  /** Units of all hosts, by level and, without a score, by status. */
  readonly levels: Readonly<Record<string, number>>;
  readonly hostsDrifting: number;
  readonly driftingUnits: number;
  /** Differences that are counted and not listed, beyond the worst ten thousand. */
  readonly driftsLeftOut: number;
}

/** Hosts on which a unit has the same results. */
export interface FleetVariant {
  readonly digest: UnitDigest;
  readonly hosts: readonly string[];
}

export interface FleetReport {
  readonly summary: FleetSummary;
  /** The worst first. */
  readonly hosts: readonly FleetHost[];
  readonly units: readonly FleetUnit[];
  readonly groups: readonly FleetGroup[];
  readonly drift: readonly FleetDrift[];
  /** The one that fails most often first. */
  readonly checks: readonly FleetCheck[];
}
