// init: the units that are here → a commented tightunit.conf whose bars they pass today, to be tightened from there.
import { dirname, relative, resolve } from "node:path";
import { isOfKind } from "../../gate/unit-kinds.ts";
import { hostTree } from "../../host/directory-tree.ts";
import { writeAtomic } from "../../host/write-atomic.ts";
import { configText } from "../../report/config-text.ts";
import { visible } from "../../report/escape-terminal.ts";
import { counted } from "../../report/gate-result-text.ts";
import { gateRuleOf, loadUnitKinds } from "../../rules/gate-rules.ts";
import { exitOf } from "../exit-of.ts";
import { EXIT, Failure } from "../failure.ts";
import { configName } from "../find-config.ts";
import type { InitOptions } from "../options.ts";
import { shownPath } from "../read-besides.ts";
import { openSession } from "../session.ts";
import type { Terminal } from "../terminal.ts";

/** @returns 0; 2 where the file is there already, 3 where there are no units. */
export async function init(options: InitOptions, terminal: Terminal): Promise<number> {
  const file = resolve(terminal.cwd, options.output ?? configName);
  const isWritten = options.output !== "-";
  if (isWritten && hostTree().lstat(file) !== undefined)
    throw new Failure(`${visible(shownPath(file, terminal.cwd))} is there already`);
  const units = options.units.length === 0 && options.root === undefined ? ["."] : options.units;
  const session = await openSession({ ...options, units }, terminal);
  const worst = new Map<string, number>();
  const names: string[] = [];
  let scored = 0;
  let exposure = 0;
  let failing = 0;
  for (const { unit, settings, assessment, status, findings } of session.audits()) {
    names.push(unit.name);
    if (status !== "masked" && assessment === undefined) failing++;
    failing += findings.filter(each => gateRuleOf(each.code)?.severity === "error").length;
    if (assessment === undefined || settings === undefined) continue;
    scored++;
    exposure = Math.max(exposure, assessment.exposure);
    for (const { kind } of loadUnitKinds()) {
      if (!isOfKind(kind, unit, settings, session.context.facts)) continue;
      worst.set(kind, Math.max(worst.get(kind) ?? 0, assessment.exposure));
    }
  }
  const code = exitOf(session.outcome(), terminal);
  if (names.length === 0) return code;
  const text = configText({
    systemd: session.head.systemd,
    scope: session.head.scope,
    paths: options.root === undefined ? units.map(each => fromFolderOf(file, each, terminal.cwd)) : [],
    units: names.length,
    scored,
    exposure,
    kinds: loadUnitKinds().flatMap(({ kind, title }) => {
      const own = worst.get(kind);
      return own === undefined ? [] : [{ kind, title, exposure: own }];
    }),
  });
  if (!isWritten) await terminal.write(text);
  else {
    writeAtomic(file, new TextEncoder().encode(text));
    await terminal.write(`wrote ${visible(shownPath(file, terminal.cwd))}; now: tightunit gate\n`);
    // No bar helps against these: systemd ignores lines, or refuses units.
    if (failing > 0) await terminal.write(adviceOn(failing));
  }
  return code === EXIT.nothing ? code : EXIT.fine;
}

function fromFolderOf(file: string, path: string, cwd: string): string {
  return relative(dirname(file), resolve(cwd, path)) || ".";
}

function adviceOn(failing: number): string {
  const those = failing === 1 ? "it" : "them";
  return `${counted(failing, "finding")} will fail whatever the bar: mend ${those}, or take note of ${those} with tightunit baseline\n`;
}
