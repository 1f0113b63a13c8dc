import type { ProposeOptions } from "../harden/proposal.ts";
import type { ApplyOptions } from "./options.ts";
import { parseDuration } from "./parse-duration.ts";
import { proposeOptions } from "./propose-options.ts";

/** How a service is used to see whether it works, and what may be proposed. */
export interface TrialOptions {
  readonly wanted: ProposeOptions;
  readonly probe?: string;
  readonly useMs: number;
  readonly probeTimeoutMs: number;
}

/** @throws {Failure} on a time, level, bar or directive that is none. */
export function trialOptions(options: ApplyOptions, level: string): TrialOptions {
  const { probe } = options;
  return {
    wanted: proposeOptions({ ...options, level: options.level ?? level }),
    useMs: parseDuration(options.probeFor ?? (probe === undefined ? "10s" : "0s"), "--probe-for"),
    probeTimeoutMs: parseDuration(options.probeTimeout ?? "2min", "--probe-timeout"),
    ...(probe === undefined ? {} : { probe }),
  };
}
