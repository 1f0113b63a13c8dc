// The other end of each-unit.ts: a thread that opens a session of its own and makes pieces of the units that it is asked.
import { serveThread, threadTask } from "../host/threads.ts";
import {
  type Answered,
  type Asked,
  makeBlock,
  type Start,
  type ThreadTask,
  type UnitWork,
} from "./each-unit.ts";
import { openSession, type Session } from "./session.ts";
import type { Terminal } from "./terminal.ts";

/** Answers `each-unit.ts` until it is stopped. */
export async function serveUnits(): Promise<void> {
  // Only each-unit.ts starts threads, and with this.
  const { task, columns, isTerminal } = threadTask() as Start;
  // What there is to say about the whole has been said by the thread that started this one.
  const terminal: Terminal = {
    write: async () => {},
    warn: () => {},
    readInput: async () => new Uint8Array(),
    progress: () => {},
    isTerminal,
    columns,
    env: process.env,
    cwd: process.cwd(),
  };
  const { session, work } = await workOf(task, terminal);
  const [source] = session.sources();
  serveThread({ kind: "ready" } satisfies Answered, async message => {
    const { block, names } = message as Asked;
    const made = source === undefined ? [] : await makeBlock(source, names, work);
    return { kind: "made", block, made } satisfies Answered;
  });
}

interface Work {
  readonly session: Session;
  readonly work: UnitWork<unknown>;
}

/** The work of a command, as the command itself does it. */
async function workOf(task: ThreadTask, terminal: Terminal): Promise<Work> {
  switch (task.command) {
    case "audit": {
      const session = await openSession(task.options, terminal);
      return {
        session,
        work: (await import("./commands/audit.ts")).lineWork(task.options, session, terminal),
      };
    }
    case "fix": {
      const session = await openSession(task.options, terminal);
      return { session, work: (await import("./fix-unit.ts")).fixWork(task.options, session, terminal) };
    }
    case "gate": {
      const { session, work } = await (await import("./gate-run.ts")).prepareGate(task.options, terminal);
      return { session, work };
    }
  }
}
