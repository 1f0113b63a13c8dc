import { setFlagsFromString } from "node:v8";

/**
 * From now on garbage is taken away before the heaps of this process grow, those of its threads too. Left alone, V8 lets
 * them grow to several times what is held: less work for a run that is soon over, and memory for nothing in a long one.
 */
export function keepHeapSmall(): void {
  setFlagsFromString("--optimize-for-size");
}
