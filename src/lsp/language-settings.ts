// What an editor can set, under "tightunit" in its configuration or as initialization options.
import type { Level } from "../harden/proposal.ts";

export interface LanguageSettings {
  /** Version to read units for; by default tightunit.conf's, the installed one or the newest. */
  readonly systemd?: string;
  readonly arch?: string;
  /** How what could be added is shown at the section's header. */
  readonly missing: "off" | "hint" | "information" | "warning";
  /** Which proposal says what could be added. */
  readonly level: Level;
  /** Where the score is shown; `auto`: a code lens where the editor has them, else an inlay hint. */
  readonly score: "auto" | "lens" | "inlay" | "off";
  /** Milliseconds of quiet before a changed document is looked at again, 0…5000. */
  readonly delay: number;
}

export const defaultSettings: LanguageSettings = {
  missing: "hint",
  level: "balanced",
  score: "auto",
  delay: 150,
};

const missing = ["off", "hint", "information", "warning"] as const;
const levels = ["safe", "balanced", "strict"] as const;
const scores = ["auto", "lens", "inlay", "off"] as const;

export interface ReadSettings {
  readonly settings: LanguageSettings;
  /** What was not understood, for a person. */
  readonly problems: readonly string[];
}

/** What an editor sent; what is wrong in it counts as not said. @param base what holds where it says nothing. */
export function readSettings(sent: unknown, base: LanguageSettings = defaultSettings): ReadSettings {
  const problems: string[] = [];
  if (sent === undefined || sent === null) return { settings: base, problems };
  if (typeof sent !== "object" || Array.isArray(sent))
    return { settings: base, problems: ["the settings of tightunit are no object"] };
  let settings = base;
  for (const [name, value] of Object.entries(sent)) {
    if (value === null || value === undefined) continue;
    const read = readOne(name, value);
    if (read === undefined) problems.push(`the setting tightunit.${name} cannot be ${JSON.stringify(value)}`);
    else settings = { ...settings, ...read };
  }
  return { settings, problems };
}

function readOne(name: string, value: unknown): Partial<LanguageSettings> | undefined {
  switch (name) {
    case "systemd": {
      const version = String(value);
      return /^[1-9]\d\d(\.\d+)?$/.test(version) ? { systemd: version } : undefined;
    }
    case "arch":
      return typeof value === "string" && /^[a-z0-9][a-z0-9_-]*$/.test(value) ? { arch: value } : undefined;
    case "missing":
      return oneOf(missing, value, found => ({ missing: found }));
    case "level":
      return oneOf(levels, value, found => ({ level: found }));
    case "score":
      return oneOf(scores, value, found => ({ score: found }));
    case "delay":
      return typeof value === "number" && value >= 0 && value <= 5000 ? { delay: value } : undefined;
    default:
      return undefined;
  }
}

function oneOf<T extends string>(
  known: readonly T[],
  value: unknown,
  use: (found: T) => Partial<LanguageSettings>,
): Partial<LanguageSettings> | undefined {
  const found = known.find(each => each === value);
  return found === undefined ? undefined : use(found);
}
