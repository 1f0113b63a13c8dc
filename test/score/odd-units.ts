// Units with one line each that nobody would write: every directive with every character that may mean something, in every place.
import { readFileSync } from "node:fs";
import type { GeneratedUnit } from "./unit-texts.ts";

interface Keys {
  readonly groups: readonly {
    readonly sections: readonly string[];
    readonly keys: Readonly<Record<string, unknown>>;
  }[];
}

const CHARACTERS = [
  ..."!\"#$&'()*+,-./:;<=>?@[]^_`{|}~",
  ...["\\", "%%", "%i", "\u00e9", "\x7f", "\x01", " ", "\t", ".."],
];
const PLACES: readonly ((character: string) => string)[] = [
  each => `/x${each}y`,
  each => `x${each}y`,
  each => each,
  each => `${each}/x`,
  each => `yes${each}`,
  each => `1${each}`,
  each => `/x/${each}`,
];
/** What is about other units, or files of the machine: two units of one batch would meddle with each other. */
const OTHERS =
  /^(?:After|Before|BindsTo|BusName|Conflicts|JoinsNamespaceOf|Mounts?|OnFailure|OnSuccess|OOMRules|PartOf|Propagates|Reboot|ReloadP|Requires|Requisite|Slice|Sockets|SourcePath|StopP|Upholds|Wants)/;

/** All of them: some fifty thousand. */
export function oddUnits(): readonly GeneratedUnit[] {
  const { groups }: Keys = JSON.parse(
    readFileSync(new URL("../../rules/systemd/keys.json", import.meta.url), "utf8"),
  );
  const lines = new Map<string, "Service" | "Unit">();
  for (const { sections, keys } of groups)
    for (const section of ["Unit", "Service"] as const)
      if (sections.includes(section))
        for (const key of Object.keys(keys)) if (!OTHERS.test(key)) lines.set(key, section);
  return [...lines].flatMap(([key, section]) =>
    CHARACTERS.flatMap(character => PLACES.map(place => oddUnit(section, key, place(character)))),
  );
}

function oddUnit(section: "Service" | "Unit", key: string, value: string): GeneratedUnit {
  const line = `${key}=${value}\n`;
  // More than one command is a oneshot's.
  const type = key === "ExecStart" ? "Type=oneshot\n" : "";
  const [before, after] = section === "Unit" ? [`[Unit]\n${line}`, ""] : ["", line];
  return {
    name: "oven#.service",
    fragment: `${before}[Service]\nExecStart=/bin/true\n${type}${after}`,
    dropIns: {},
  };
}
