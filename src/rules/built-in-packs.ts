import type { Pack } from "./pack.ts";
import { listRuleFiles, readRuleFile } from "./rule-files.ts";

const read = new Map<string, Pack>();

/** The names of the packs that come with the program. */
export function builtInPackNames(): readonly string[] {
  return listRuleFiles("packs");
}

/**
 * A pack that comes with the program: `systemd-security`, `traps`.
 * @throws {Error} where there is no such pack; ask `builtInPackNames` first
 */
export function loadBuiltInPack(name: string): Pack {
  const known = read.get(name);
  if (known !== undefined) return known;
  const pack = readRuleFile<Pack>(`packs/${name}.json`);
  read.set(name, pack);
  return pack;
}
