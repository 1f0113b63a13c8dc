// A trial that fails says something of the drop-in only where the probe does not fail by itself.
import type { Diagnostic } from "../unit/tree.ts";
import { note } from "./changes.ts";
import type { LiveContext } from "./live-context.ts";
import { LiveError } from "./live-error.ts";
import type { Observation } from "./observe.ts";

interface Repeating {
  readonly unit: string;
  /** Uses the unit with this drop-in; "" is the unit as it is. */
  readonly run: (dropIn: string) => Promise<Observation>;
  readonly restarts: () => number;
  /** Whether a failure says itself who is at fault: then it needs no other. */
  readonly isTelling: (failed: Observation) => boolean;
  /** Whether it is known already that the probe fails now and then. */
  readonly isMoody?: boolean;
  readonly context: Pick<LiveContext, "say">;
}

/**
 * A trial whose failures can be believed. At the first one the unit is used as it is once more, and the same drop-in again. Where
 * either shows that the probe fails now and then, all further failures are repeated as well.
 * @returns a function that throws `LiveError` where the unit as it is fails twice in a row
 */
export function repeatTrial({
  unit,
  run,
  restarts,
  isTelling,
  isMoody = false,
  context,
}: Repeating): typeof run {
  let trust: "unknown" | "steady" | "moody" = isMoody ? "moody" : "unknown";
  const tell = (observation: Observation): Observation => {
    context.say(trialNote(observation, restarts()));
    return observation;
  };
  const distrust = (): void => {
    if (trust !== "moody") context.say(note("try-moody", { unit }));
    trust = "moody";
  };
  const useAsItIs = async (): Promise<void> => {
    if ((await run("")).kind === "works") return;
    const again = await run("");
    if (again.kind === "broken")
      throw new LiveError("machine", "not-repeatable", { unit, reason: again.reason });
    distrust();
  };
  return async dropIn => {
    const observation = tell(await run(dropIn));
    if (observation.kind === "works" || trust === "steady") return observation;
    // A probe that fails when it runs for the second time would find fault with everything.
    if (trust === "unknown") await useAsItIs();
    if (isTelling(observation)) {
      if (trust === "unknown") trust = "steady";
      return observation;
    }
    const again = tell(await run(dropIn));
    if (again.kind === "works") distrust();
    else if (trust === "unknown") trust = "steady";
    return again;
  };
}

export function trialNote(observation: Observation, restarts: number): Diagnostic {
  const count = String(restarts);
  if (observation.kind === "works") return note("try-works", { count });
  return note("try-broken", { count, at: observation.at, reason: observation.reason });
}
