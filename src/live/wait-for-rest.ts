// After a start: until the unit has come up, has ended well, or has failed.
import type { Systemd } from "./systemctl.ts";
import { isRunning, type UnitState, unitState } from "./unit-state.ts";

export interface Rest {
  /** It runs, or it did its work and ended well. */
  readonly isUp: boolean;
  readonly state: UnitState;
}

const POLL_MS = 100;
const LIMIT_MS = 60_000;

/** Waits until the unit is active, done or failed; a unit that is being restarted after a failure has failed. */
export async function waitForRest(
  systemd: Pick<Systemd, "show">,
  unit: string,
  isInterrupted: () => boolean = () => false,
): Promise<Rest> {
  for (let waited = 0; ; waited += POLL_MS) {
    const state = await unitState(systemd, unit);
    const isOver = waited >= LIMIT_MS || isInterrupted() || state.load === "";
    if (hasFailed(state) || isOver) return { isUp: false, state };
    if (state.active === "active") return { isUp: true, state };
    // systemd.service(5): a oneshot without RemainAfterExit= is inactive when it has done its work.
    if (state.active === "inactive")
      return { isUp: state.result === "success" || state.result === "", state };
    await new Promise(resolve => setTimeout(resolve, POLL_MS));
  }
}

/** Failed, or waiting to be started again because it failed. */
export function hasFailed(state: UnitState): boolean {
  return (
    state.active === "failed" ||
    state.sub.startsWith("auto-restart") ||
    (isRunning(state) && state.sub === "failed")
  );
}
