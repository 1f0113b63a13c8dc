// A unit is used as it is before anything is changed: what does not work then says nothing of any drop-in.
import { note } from "./changes.ts";
import type { LiveContext } from "./live-context.ts";
import { LiveError } from "./live-error.ts";
import type { Observation } from "./observe.ts";

type Works = Extract<Observation, { kind: "works" }>;

interface Baseline {
  readonly used: Works;
  /** Whether it took a second run: then no failure of this probe is to be believed at once. */
  readonly isMoody: boolean;
}

/**
 * @param run uses the unit as it is
 * @throws {LiveError} where it fails twice in a row
 */
export async function baselineOf(
  unit: string,
  run: () => Promise<Observation>,
  context: Pick<LiveContext, "say">,
): Promise<Baseline> {
  const first = await run();
  if (first.kind === "works") return { used: first, isMoody: false };
  // A probe that comes a moment too early passes the next time.
  const second = await run();
  if (second.kind === "broken")
    throw new LiveError("machine", "baseline-broken", { unit, reason: second.reason });
  context.say(note("try-moody", { unit }));
  return { used: second, isMoody: true };
}
