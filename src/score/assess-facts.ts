import type { SystemdFacts } from "../rules/systemd-facts.ts";

/** What scoring must know of a version of systemd and of an architecture, beyond the unit and the pack. */
export type AssessFacts = Pick<SystemdFacts, "syscallSet" | "syscallStatus" | "words">;
