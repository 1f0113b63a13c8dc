import { takeWord } from "../unit/split-words.ts";
import { isCleanPath, simplifyFor } from "./parse-paths.ts";
import type { DeviceRule } from "./settings.ts";
import { invalid, type Outcome, type ParseInput } from "./value-parser.ts";

/**
 * systemd.resource-control(5), DeviceAllow=: a node or a group of devices, then rights out of r, w and m, all where
 * none stand there. The newest rule stands first, as systemd keeps them.
 */
export function parseDevices(input: ParseInput): Outcome {
  if (input.text === "") return { kind: "reset" };
  const rule = readDeviceRule(input);
  if (rule === undefined) return invalid(input);
  return { kind: "append", value: { kind: "devices", rules: [rule] } };
}

function readDeviceRule({ text, expand, facts }: ParseInput): DeviceRule | undefined {
  const word = takeWord(text, 0, { quotes: "unquote" });
  if (word.kind !== "word") return undefined;
  const expanded = expand(word.word);
  if (expanded.kind === "unknown") return undefined;
  const isGroup = /^(block|char)-/.test(expanded.text);
  const path = isGroup ? expanded.text : simplifyFor(expanded.text, facts);
  if (!isGroup && !(isCleanPath(path) && /^\/(dev|run\/systemd\/inaccessible)(\/|$)/.test(path)))
    return undefined;
  const rights = text.slice(word.next);
  if (!/^[rwm]*$/.test(rights)) return undefined;
  const all = [..."rwm"].filter(right => rights === "" || rights.includes(right));
  return { path, rights: all.join("") };
}
