// Threads of the same program that share the work on many units. What goes to a thread and what comes back is plain
// data; a thread that fails is one thread less, and what it was asked is still to be done.
import { availableParallelism } from "node:os";
import { parentPort, Worker, workerData } from "node:worker_threads";

/** One thread, which answers each message with one of its own, in their order. */
export interface Thread {
  /** @throws {DOMException} where the message is not plain data */
  post(message: unknown): void;
  /** What has come back since the last time, as far as the event loop has turned. */
  received(): readonly unknown[];
  /** Resolves once something has come back that was not received yet, or the thread has failed. */
  wait(): Promise<void>;
  hasFailed(): boolean;
  stop(): Promise<void>;
}

/** How many threads can run at once on this machine, this one included. */
export function processors(): number {
  return availableParallelism();
}

/**
 * @param file the script that the thread runs; it has to call `serveThread`.
 * @param task what the thread is given to begin with, as plain data.
 */
export function startThread(file: string, task: unknown): Thread {
  const worker = new Worker(file, { workerData: task });
  let isBroken = false;
  let messages: unknown[] = [];
  let wake = (): void => {};
  worker.on("message", message => {
    messages.push(message);
    wake();
  });
  const fail = (): void => {
    isBroken = true;
    wake();
  };
  worker.on("error", fail);
  worker.on("exit", fail);
  return {
    post: message => worker.postMessage(message),
    received() {
      const all = messages;
      messages = [];
      return all;
    },
    wait: () =>
      new Promise(resolve => {
        wake = resolve;
        if (messages.length > 0 || isBroken) resolve();
      }),
    hasFailed: () => isBroken,
    async stop() {
      await worker.terminate();
    },
  };
}

/** In a thread: what it was started with. */
export function threadTask(): unknown {
  return workerData;
}

/** In a thread: says `ready`, then answers every message, one after the other. */
export function serveThread(ready: unknown, answer: (message: unknown) => Promise<unknown>): void {
  parentPort?.postMessage(ready);
  let last: Promise<void> = Promise.resolve();
  parentPort?.on("message", message => {
    last = last.then(async () => parentPort?.postMessage(await answer(message)));
  });
}

/** Lets the event loop turn, so that messages come in. */
export function turn(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve));
}
