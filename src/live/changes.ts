// What a run changes on the machine: each step is noted on disk before it is taken, and all of it can be taken back.
import { SourceError } from "../host/source-error.ts";
import type { Diagnostic } from "../unit/tree.ts";
import type { LiveContext } from "./live-context.ts";
import { LiveError } from "./live-error.ts";
import { takeLock } from "./lock.ts";
import { putFile, restoreFile, saveFile } from "./runtime-drop-in.ts";
import { clearState, type RunState, readState, writeState } from "./state.ts";
import { waitForRest } from "./wait-for-rest.ts";

export interface Changes {
  /** Notes a step that starts, stops or restarts the unit. */
  readonly touch: (step: string) => void;
  /** Writes a file after noting what was there. @throws {SourceError} as `writeAtomic`. */
  readonly write: (path: string, put: (path: string) => void) => void;
  /** Forgets a change of a file: it stays as it is now. */
  readonly keep: () => void;
  /** Puts everything back. @returns what could not be put back; the state stays on disk then, for `recover`. */
  readonly undo: () => Promise<readonly string[]>;
}

/** What is to be undone about a unit; `wasActive` says whether it ran when the run began. */
export interface Beginning {
  readonly command: string;
  readonly unit: string;
  readonly wasActive: boolean;
}

/**
 * Holds the lock while `run` is at work; `begin` opens its account of changes.
 * @throws {LiveError} where another run is at work, or a killed one left something to recover.
 */
export async function withLock<T>(
  context: LiveContext,
  run: (begin: (beginning: Beginning) => Changes) => Promise<T>,
): Promise<T> {
  const lock = takeLock(context.runFolder);
  if (lock.kind === "held") throw new LiveError("machine", "run-under-way", { pid: String(lock.pid) });
  if (lock.kind === "failed")
    throw new LiveError("machine", "no-lock", { folder: context.runFolder, reason: lock.reason });
  try {
    if (readState(context.runFolder) !== "none") throw new LiveError("machine", "run-left-over");
    return await run(beginning => account(context, beginning));
  } finally {
    lock.release();
  }
}

function account(context: LiveContext, beginning: Beginning): Changes {
  let state: RunState = {
    format: 1,
    ...beginning,
    began: new Date().toISOString(),
    pid: process.pid,
    isTouched: false,
    files: [],
    steps: [],
  };
  let isWritten = false;
  const note = (next: RunState): void => {
    writeState(next, context.runFolder);
    state = next;
    isWritten = true;
  };
  return {
    touch(step) {
      note({ ...state, isTouched: true, steps: [...state.steps, step].slice(-50) });
    },
    write(path, put) {
      const isKnown = state.files.some(file => file.path === path);
      const files = isKnown ? state.files : [...state.files, saveFile(path)];
      note({ ...state, files, steps: [...state.steps, `write ${path}`].slice(-50) });
      put(path);
    },
    keep() {
      state = { ...state, files: [], isTouched: false };
      isWritten = false;
      clearState(context.runFolder);
    },
    undo: async () => (isWritten ? undoState(state, context) : []),
  };
}

/**
 * Puts back what a state tells of: files, then the manager's view of them, then whether the unit runs.
 * Goes on after a step that fails, so that as much as can be is back.
 * @returns what failed, as reasons; nothing where all is back, and then the state is forgotten.
 */
export async function undoState(state: RunState, context: LiveContext): Promise<readonly string[]> {
  const { undoing } = context;
  const failures: string[] = [];
  for (const file of state.files.toReversed()) {
    try {
      restoreFile(file);
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      failures.push(error.message);
    }
  }
  if (state.files.length > 0) {
    const reloaded = await undoing.reload();
    if (reloaded.kind === "failed") failures.push(`daemon-reload: ${reloaded.reason || reloaded.because}`);
  }
  if (state.isTouched) {
    await undoing.resetFailed(state.unit);
    const step = state.wasActive ? await undoing.restart(state.unit) : await undoing.stop(state.unit);
    if (step.kind === "failed")
      failures.push(`${state.wasActive ? "restart" : "stop"}: ${step.reason || step.because}`);
    else if (state.wasActive && !(await waitForRest(undoing, state.unit)).isUp) failures.push("not active");
    if (!state.wasActive) await undoing.resetFailed(state.unit);
  }
  if (failures.length === 0) clearState(context.runFolder);
  return failures;
}

/** Writes text, for `Changes.write`. */
export const textInto = (text: string) => (path: string) => putFile(path, text);

/** Runs the steps; where one throws, all is put back before the error goes on. */
export async function undoOnError<T>(
  changes: Changes,
  context: LiveContext,
  steps: () => Promise<T>,
): Promise<T> {
  try {
    return await steps();
  } catch (error) {
    context.say(note("puts-back"));
    await undoAll(changes);
    throw error;
  }
}

/** @throws {LiveError} `not-undone` with what could not be put back. */
export async function undoAll(changes: Changes): Promise<void> {
  const failures = await changes.undo();
  if (failures.length > 0) throw new LiveError("machine", "not-undone", { reasons: failures.join("; ") });
}

/** Something that a person is told on the way. */
export function note(code: string, args: Readonly<Record<string, string>> = {}): Diagnostic {
  return { code, severity: "note", args };
}
