/** All daemons of the table, in its order. Adding one is adding a file and a line here. */
import type { Daemon } from "./daemon.ts";
import { nginx } from "./nginx.ts";

export const daemons: readonly Daemon[] = [nginx];
