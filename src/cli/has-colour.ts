import type { Terminal } from "./terminal.ts";

export const colourChoices = ["always", "auto", "never"] as const;
export type ColourChoice = (typeof colourChoices)[number];

/** `--color` decides, then NO_COLOR (any value but the empty one), then whether anyone is looking. */
export function hasColour(
  { color = "auto" }: { readonly color?: ColourChoice | undefined },
  terminal: Terminal,
): boolean {
  if (color !== "auto") return color === "always";
  if ((terminal.env.NO_COLOR ?? "") !== "") return false;
  return terminal.isTerminal && terminal.env.TERM !== "dumb";
}

/** The words of a command line with `--color` and `--no-color` spelled out, so that neither takes a unit's name for its value. */
export function spellColour(words: readonly string[]): readonly string[] {
  const dashes = words.indexOf("--");
  return words.map((word, at) => {
    if (dashes >= 0 && at > dashes) return word;
    if (word === "--no-color") return "--color=never";
    const isAlone = word === "--color" && !colourChoices.some(choice => choice === words[at + 1]);
    return isAlone ? "--color=always" : word;
  });
}
