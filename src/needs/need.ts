// The one vocabulary between evidence and directives: evidence says what a service must still be able to do,
// a directive's value says what it denies, and both say it as needs.

import type { Prior } from "../rules/needs.ts";

/**
 * How sure a need is, strongest first.
 * `declared`: the unit says so; `observed`: a trace or a log showed it; `inferred`: file ownership, ELF imports,
 * configuration, a program profile; `assumed`: nothing is known, and this is the careful reading.
 */
export type Certainty = "declared" | "observed" | "inferred" | "assumed";

/** Where a person can check a need: a line of a file, a symbol of a program, a line of a trace, a profile. */
export interface Evidence {
  /** The kind of evidence: "unit", "filesystem", "config", "elf", "profile", "trace", "audit", "journal", "assumption". */
  readonly by: string;
  /** The file, program or profile, as the source names it. */
  readonly file?: string;
  readonly line?: number;
  /** What stands there: the assignment, the symbol, the call; one line, never more than 200 characters. */
  readonly detail: string;
}

/**
 * A typed fact. `kind` is one of `rules/needs/needs.json`; `subject` what it is about, where the kind has one:
 * `{kind: "write", subject: "/var/lib/foo"}`, `{kind: "family", subject: "AF_NETLINK"}`, `{kind: "memory-wx"}`.
 */
export interface Need {
  readonly kind: string;
  readonly subject?: string;
  readonly certainty: Certainty;
  /** Of an assumed need: how many of the services that look like this one have it. A level may bet against it as against an unknown one. */
  readonly prior?: Prior;
  /** Met at a first start alone: that a trace does not show it is no reason to doubt it. */
  readonly isOnce?: true;
  readonly evidence: Evidence;
}

/**
 * A claim that the evidence looked for every need of a kind and found no more than it lists: three-valued truth
 * wants the difference between "no" and "not seen". Without a coverage of its kind, an absent need is unknown.
 */
export interface Coverage {
  readonly kind: string;
  /** Only below this subject, where the claim is not about the whole kind: one capability, one call. */
  readonly subject?: string;
  /** `observed` and `assumed` are no proof: what was not seen, or what hardly is, only makes a need less plausible. */
  readonly certainty: Certainty;
  readonly evidence: Evidence;
}

/** What one kind of evidence, or all together, says about a service. */
export interface Needs {
  readonly present: readonly Need[];
  readonly absent: readonly Coverage[];
}
