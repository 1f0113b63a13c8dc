// A unit as the running manager has it. Properties are those of org.freedesktop.systemd1(5).
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { isFileSystemError } from "../host/directory-tree.ts";
import type { Systemd } from "./systemctl.ts";

export interface UnitState {
  /** The unit's own name, an alias resolved. */
  readonly id: string;
  readonly load: string;
  /** `active`, `reloading`, `inactive`, `failed`, `activating`, `deactivating`, `maintenance`. */
  readonly active: string;
  readonly sub: string;
  readonly type: string;
  /** `success`, `exit-code`, `signal`, `core-dump`, `timeout`, `start-limit-hit`, … */
  readonly result: string;
  /** Of the main process, or of the line before or after it that failed. */
  readonly exit: { readonly by: "exited" | "killed" | "dumped" | "none"; readonly status: number };
  readonly restarts: number;
  readonly mainPid: number;
  readonly isStartRefused: boolean;
  readonly isStopRefused: boolean;
  readonly triggeredBy: readonly string[];
  readonly fragment: string;
  readonly dropIns: readonly string[];
}

const PROPERTIES = [
  "Id",
  "LoadState",
  "ActiveState",
  "SubState",
  "Type",
  "Result",
  "ExecMainCode",
  "ExecMainStatus",
  "NRestarts",
  "MainPID",
  "RefuseManualStart",
  "RefuseManualStop",
  "TriggeredBy",
  "FragmentPath",
  "DropInPaths",
];

/** siginfo_t: CLD_EXITED, CLD_KILLED, CLD_DUMPED. */
const ENDS: Readonly<Record<string, UnitState["exit"]["by"]>> = {
  "1": "exited",
  "2": "killed",
  "3": "dumped",
};

/** Asks the manager; where it does not answer, `load` is "". */
export async function unitState(systemd: Pick<Systemd, "show">, unit: string): Promise<UnitState> {
  const values = await systemd.show(unit, PROPERTIES);
  const of = (name: string): string => values.get(name) ?? "";
  return {
    id: of("Id") || unit,
    load: of("LoadState"),
    active: of("ActiveState"),
    sub: of("SubState"),
    type: of("Type"),
    result: of("Result"),
    exit: { by: ENDS[of("ExecMainCode")] ?? "none", status: Number(of("ExecMainStatus")) || 0 },
    restarts: Number(of("NRestarts")) || 0,
    mainPid: Number(of("MainPID")) || 0,
    isStartRefused: of("RefuseManualStart") === "yes",
    isStopRefused: of("RefuseManualStop") === "yes",
    triggeredBy: words(of("TriggeredBy")),
    fragment: of("FragmentPath"),
    dropIns: words(of("DropInPaths")),
  };
}

/** Whether the service runs, or is done as it should be (a oneshot). */
export function isRunning(state: UnitState): boolean {
  return ["active", "reloading", "activating"].includes(state.active);
}

/**
 * What the unit's files say, as a number to compare: its fragment and drop-ins, by path and content.
 * @param except files of ours.
 */
export function fingerprint(state: UnitState, except: readonly string[]): string {
  const hash = createHash("sha256");
  for (const path of [state.fragment, ...state.dropIns]) {
    if (path === "" || except.includes(path)) continue;
    hash.update(`${path}\0`).update(bytesOf(path)).update("\0");
  }
  return hash.digest("hex");
}

function bytesOf(path: string): Buffer | string {
  try {
    return readFileSync(path);
  } catch (error) {
    if (!isFileSystemError(error)) throw error;
    return error.code;
  }
}

function words(text: string): readonly string[] {
  return text.split(" ").filter(word => word !== "");
}
