// Waivers in a unit's own comments: what they cover is still shown, quietly; what is wrong with them is a finding too.
import type { Finding } from "../gate/finding.ts";
import { emptyPolicy } from "../gate/policy.ts";
import { ruleNames } from "../gate/rule-names.ts";
import { findInUnit, gateName } from "../gate/unit-findings.ts";
import { commentWaivers, covers, type Waiver } from "../gate/waiver.ts";
import { treesOf } from "../host/loaded-unit.ts";
import type { Diagnostic } from "../unit/tree.ts";
import type { Analysis, LanguageContext } from "./analyse.ts";

export interface Waived {
  /** The waiver that covers a finding, and whether it still holds. */
  readonly waiverOf: (
    finding: Diagnostic,
  ) => { readonly waiver: Waiver; readonly holds: boolean } | undefined;
  /** Waivers that are not complete. */
  readonly findings: readonly Diagnostic[];
}

export function waivedIn({ audited }: Analysis, { audit, today }: LanguageContext): Waived {
  const isSaid = treesOf(audited.unit).some(({ nodes }) =>
    nodes.some(({ kind, raw }) => kind === "comment" && raw.includes("tightunit:")),
  );
  if (!isSaid) return { waiverOf: () => undefined, findings: [] };
  const name = gateName(audited);
  const { waivers, diagnostics } = commentWaivers(
    audited.unit,
    name,
    ruleNames([audit.pack, ...audit.rulePacks]),
  );
  const scene = { audit, policy: emptyPolicy, demands: new Map(), packs: [] };
  const known = new Map(
    findInUnit(audited, scene).findings.map(each => [keyOf(each.message.code, each), each]),
  );
  const findingOf = (finding: Diagnostic): Finding | undefined => known.get(keyOf(finding.code, finding));
  return {
    waiverOf(finding) {
      const found = findingOf(finding);
      const waiver = found && waivers.find(each => covers(each, found, [name]));
      return waiver && { waiver, holds: waiver.until >= today };
    },
    findings: diagnostics,
  };
}

function keyOf(code: string, { position }: Pick<Diagnostic, "position">): string {
  return [code, position?.file, position?.line].join("\0");
}
