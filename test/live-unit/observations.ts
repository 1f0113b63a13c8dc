// What trials of a service that is only told of showed.
import type { Observation } from "../../src/live/observe.ts";

export type Broken = Extract<Observation, { kind: "broken" }>;

export const works: Observation = { kind: "works", probeMs: 0, entries: [] };

/** A start that ended after this line. */
export function failed(message: string): Broken {
  return {
    kind: "broken",
    at: "start",
    reason: "failed",
    state: {
      id: "bakery.service",
      load: "loaded",
      active: "failed",
      sub: "failed",
      type: "simple",
      result: "exit-code",
      exit: { by: "exited", status: 1 },
      restarts: 0,
      mainPid: 0,
      isStartRefused: false,
      isStopRefused: false,
      triggeredBy: [],
      fragment: "",
      dropIns: [],
    },
    entries: [{ message, from: "service", time: 0 }],
    output: "",
  };
}
