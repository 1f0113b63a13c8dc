// As whom, where and with which variables systemd starts a service: what evidence asks of settings, by its own name.
import type { Assignment } from "../unit/tree.ts";
import { lookUp, type Settings } from "./settings.ts";

/** systemd.exec(5), User Options. */
export interface RunIdentity {
  /** As it is written, a name or a number; absent where there is none, so that root is meant or a dynamic user. */
  readonly user?: string;
  /** Group= and SupplementaryGroups=, names or numbers. */
  readonly groups: readonly string[];
  readonly isDynamic: boolean;
}

export function runIdentity(settings: Settings): RunIdentity {
  const [user] = textsOf(settings, "User");
  const dynamic = lookUp(settings).get("DynamicUser")?.value;
  return {
    ...(user === undefined ? {} : { user }),
    groups: [...textsOf(settings, "Group"), ...textsOf(settings, "SupplementaryGroups")],
    isDynamic: dynamic?.kind === "boolean" && dynamic.value,
  };
}

/** WorkingDirectory= as it is written: a path, or `~` for the home of the service's user; absent where there is none. */
export function workingDirectory(settings: Settings): string | undefined {
  return textsOf(settings, "WorkingDirectory")[0];
}

/** The folder that relative paths of the service count from: the root where there is none, or where it is the user's home. */
export function workingFolder(settings: Settings): string {
  const written = workingDirectory(settings);
  return written?.startsWith("/") ? written : "/";
}

/** What Environment= sets, in its order, and the files of EnvironmentFile= without the prefix that lets them be missing. */
export function environmentOf(settings: Settings): {
  readonly variables: readonly (readonly [name: string, value: string])[];
  readonly files: readonly string[];
} {
  return {
    variables: textsOf(settings, "Environment").flatMap(word => {
      const sign = word.indexOf("=");
      return sign > 0 ? [[word.slice(0, sign), word.slice(sign + 1)] as const] : [];
    }),
    files: textsOf(settings, "EnvironmentFile").map(file => file.replace(/^-/, "")),
  };
}

/** The last line that gave the service capabilities of its own; absent where none did. */
export function ambientLine(settings: Settings): Assignment | undefined {
  return lookUp(settings).get("AmbientCapabilities")?.origins.at(-1);
}

function textsOf(settings: Settings, directive: string): readonly string[] {
  const value = lookUp(settings).get(directive)?.value;
  if (value?.kind === "list") return value.value;
  return value?.kind === "text" && value.value !== "" ? [value.value] : [];
}
