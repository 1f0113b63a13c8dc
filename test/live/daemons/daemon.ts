/** A daemon as the table measures it: what is installed, what is hardened, and a probe that uses it as people do. */
import type { Suite } from "../harness/roots.ts";

export interface Daemon {
  readonly name: string;
  readonly packages: readonly string[] | ((suite: Suite) => readonly string[]);
  /** The units that get a drop-in; the first is the one whose exposure is told. */
  readonly units: readonly string[] | ((suite: Suite) => readonly string[]);
  /** bash, inside, once before the service first starts: configuration and data that the probe brings. */
  readonly setup?: string;
  /** Units to restart after the drop-in is in place; default `units`. Empty: the probe itself starts what it needs. */
  readonly start?: readonly string[];
  /** bash, inside, with probe-lib.sh: uses the service and exits non-zero when anything fails. */
  readonly probe: string;
  /** Files of the repository to bring: source below fixtures/services → path inside, with its mode. */
  readonly files?: readonly { readonly from: string; readonly to: string; readonly mode?: number }[];
  /** C sources below fixtures/services, compiled on this machine → path inside. */
  readonly compiled?: readonly { readonly from: string; readonly to: string }[];
  /** What the probe covers that a shallow one would miss. */
  readonly notes: string;
}

export const packagesOf = (daemon: Daemon, suite: Suite): readonly string[] =>
  typeof daemon.packages === "function" ? daemon.packages(suite) : daemon.packages;

export const unitsOf = (daemon: Daemon, suite: Suite): readonly string[] =>
  typeof daemon.units === "function" ? daemon.units(suite) : daemon.units;
