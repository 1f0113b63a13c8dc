import type { LoadedUnit } from "../host/loaded-unit.ts";
import type { Settings } from "../settings/settings.ts";
import type { Diagnostic } from "../unit/tree.ts";
import type { Assessment } from "./assessment.ts";

export type AuditStatus = "scored" | "refused" | "masked" | "not-found" | "error";

/** All there is to say about one unit: how it loaded, what it would run with, what that is worth. */
export interface AuditedUnit {
  readonly unit: LoadedUnit;
  readonly status: AuditStatus;
  /** Why the unit has no score; absent where it has one, or where the status says it all. */
  readonly reason?: Diagnostic;
  /** Absent where the unit did not load. */
  readonly settings?: Settings;
  /** Present exactly where the status is "scored". */
  readonly assessment?: Assessment;
  /** Everything else found on the way (lines that systemd ignores, traps), in file order, without duplicates. */
  readonly findings: readonly Diagnostic[];
}
