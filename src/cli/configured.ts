import { dirname } from "node:path";
import type { Config } from "../rules/validate-config.ts";

/** A configuration and the folder that its paths count from. */
export interface Configured {
  readonly config: Config;
  readonly folder: string;
}

export function configuredFrom(config: Config, file: string): Configured {
  return { config, folder: dirname(file) };
}
