/** Signals that ask us to stop, as one: what is under way ends in order, a second signal ends at once. */
export interface Interruption {
  readonly signal: AbortSignal;
  /** Signals mean again what they meant before. */
  readonly release: () => void;
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** From now on the first SIGINT, SIGTERM or SIGHUP aborts the signal instead of ending the process. */
export function interruption(): Interruption {
  const controller = new AbortController();
  const release = (): void => {
    for (const signal of SIGNALS) process.removeListener(signal, interrupt);
  };
  const interrupt = (): void => {
    release();
    controller.abort();
  };
  for (const signal of SIGNALS) process.on(signal, interrupt);
  return { signal: controller.signal, release };
}
