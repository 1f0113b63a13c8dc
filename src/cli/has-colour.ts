import type { Terminal } from "./terminal.ts";

/** `--color` decides, then NO_COLOR (any value but the empty one), then whether anyone is looking. */
export function hasColour(options: { readonly color?: boolean | undefined }, terminal: Terminal): boolean {
  if (options.color !== undefined) return options.color;
  if ((terminal.env.NO_COLOR ?? "") !== "") return false;
  return terminal.isTerminal && terminal.env.TERM !== "dumb";
}
