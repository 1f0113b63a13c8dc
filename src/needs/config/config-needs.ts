// Evidence 2, configuration: what the files of a program say that it writes, reads, listens on, executes and becomes.

import { loadPlaces } from "../../rules/places.ts";
import type { Condition, ConfigKey } from "../../rules/profiles.ts";
import type { Need } from "../need.ts";
import { isBelow, type NeedPattern, parseNeedPattern } from "../need-pattern.ts";
import { settingEvidence, type Truth } from "./conditions.ts";
import { listenNeeds, peerNeeds } from "./listen-needs.ts";
import { pathsIn } from "./paths-in.ts";
import { type ConfigReading, type ConfigSetting, matchesKey } from "./read-config.ts";

export interface ConfigNeeds {
  readonly needs: readonly Need[];
  /** Users that the configuration names for the program to become. */
  readonly users: readonly string[];
}

/** Turns what a program's configuration sets into needs, by the keys of its profile. */
export function configNeeds(
  reading: ConfigReading,
  isRoot: boolean,
  judge: (conditions: readonly Condition[]) => Truth,
): ConfigNeeds {
  const needs: Need[] = [];
  const users: string[] = [];
  for (const setting of reading.settings) {
    const evidence = settingEvidence(setting);
    const add = (patterns: readonly NeedPattern[]) =>
      needs.push(...patterns.map((pattern): Need => ({ ...pattern, certainty: "inferred", evidence })));
    add(placesApart(setting));
    for (const key of setting.rule.keys ?? []) {
      if (!matchesKey(key.key, setting.plain)) continue;
      if (key.value !== undefined && !new RegExp(key.value, "i").test(setting.value)) continue;
      if (key.when !== undefined && judge(key.when).kind !== "yes") continue;
      if (key.as === "user") {
        const user = setting.values[0]?.split(":")[0];
        if (user !== undefined && /^[A-Za-z0-9_.-]+\$?$/.test(user)) {
          users.push(user);
          if (isRoot && user !== "root") add([{ kind: "switch-user" }]);
        }
      } else add(needsOf(key, setting));
    }
  }
  return { needs, users };
}

function needsOf(key: ConfigKey, { values }: ConfigSetting): readonly NeedPattern[] {
  switch (key.as) {
    case "write-file":
    case "write-directory":
      return [
        ...pathsIn(values.map(word => word.replace(/^\|{1,2}\$?\s*\S+/, "")))
          .filter(path => !isBelow(path, "/dev") && !isBelow(path, "/proc"))
          .map(subject => ({ kind: "write", subject })),
        ...pipedTo(values),
      ];
    case "read":
      return pathsIn(values).map(subject => ({ kind: "read", subject }));
    case "exec":
      return pathsIn(values).flatMap(subject => [
        { kind: "exec", subject },
        { kind: "read", subject },
      ]);
    case "command":
      return pathsIn(values).map(subject => ({
        kind: loadPlaces().programs.some(folder => isBelow(subject, folder)) ? "exec" : "write",
        subject,
      }));
    case "listen":
      return listenNeeds(values, key.protocol ?? "tcp");
    case "peer":
      return peerNeeds(values);
    case "enables":
      return key.need === undefined ? [] : [parseNeedPattern(key.need)];
    case "user":
      return [];
  }
}

/** `|/usr/bin/rotatelogs …` in place of a file is a program that the service starts. */
function pipedTo(values: readonly string[]): readonly NeedPattern[] {
  return values.flatMap(word => {
    const path = /^\|{1,2}\$?\s*(\/\S+)/.exec(word)?.[1];
    return path === undefined ? [] : [{ kind: "exec", subject: path }];
  });
}

/** Homes and device nodes are hidden from services first: whoever names a path there means it. */
function placesApart({ values }: ConfigSetting): readonly NeedPattern[] {
  const { hidden, pseudoDevices } = loadPlaces();
  const isAmong = (subject: string, places: readonly string[]) =>
    places.some(place => isBelow(subject, place));
  return pathsIn(values).flatMap((subject): readonly NeedPattern[] => {
    if (isAmong(subject, hidden)) return [{ kind: "read", subject }];
    if (isBelow(subject, "/dev") && subject !== "/dev" && !isAmong(subject, pseudoDevices))
      return [{ kind: "device", subject }];
    return [];
  });
}
