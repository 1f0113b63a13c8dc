// The files of ours that are no units, as an editor has them open.
import { basename } from "node:path";
import { ruleNames } from "../../gate/rule-names.ts";
import { pathOfUri } from "../../lsp/file-uri.ts";
import type { IniDocument } from "../../lsp/ini-document.ts";
import { builtInPackNames, loadBuiltInPack } from "../../rules/built-in-packs.ts";
import { configSections, waiverSections } from "../../rules/ini-schemas.ts";
import { parseConfig } from "../config.ts";
import { configName } from "../find-config.ts";
import { readWaiverFile } from "../waiver-file.ts";

/** Above this nobody wrote it by hand: 1 MiB. */
const longest = 1024 * 1024;

/** What there is to say of an open document, where it is tightunit.conf or tightunit.waivers. */
export function iniFile(uri: string, text: string): IniDocument | undefined {
  const path = pathOfUri(uri, "ini");
  const name = path === undefined ? "" : basename(path);
  if (path === undefined || text.length > longest) return undefined;
  const packs = builtInPackNames();
  const names = () => ruleNames(packs.map(loadBuiltInPack));
  if (name === configName) {
    const { diagnostics } = parseConfig(text, path);
    const known = (section: string) =>
      section === "packs" ? packs : section === "rules" ? [...names().all] : [];
    return { text, sections: configSections(), findings: diagnostics, names: known };
  }
  // Rules of an organisation's own packs are the gate's to know: here only their spelling is.
  if (name !== "tightunit.waivers") return undefined;
  const findings = readWaiverFile(text, path, names()).diagnostics.filter(
    ({ code, args = {} }) => code !== "gate-waiver-unknown-rule" || args.meant !== undefined,
  );
  return { text, sections: waiverSections(), findings, names: () => [] };
}
