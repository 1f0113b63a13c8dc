// An open document goes in; what its unit is worth, what is wrong with it and what could be added goes out. Proposals are
// made when they are first asked for: they cost more than all the rest.
import { hardener } from "../harden/harden-unit.ts";
import type { Level, Proposal } from "../harden/proposal.ts";
import { withoutManagedBlock } from "../harden/without-managed-block.ts";
import type { FileTree } from "../host/file-tree.ts";
import type { LoadedUnit } from "../host/loaded-unit.ts";
import { fillTemplate } from "../host/source-names.ts";
import type { CheckTexts } from "../report/check-text.ts";
import type { Speak } from "../report/messages.ts";
import { assess } from "../score/assess.ts";
import { type AuditContext, auditUnit } from "../score/audit-unit.ts";
import type { AuditedUnit } from "../score/audited-unit.ts";
import { resolveSettings } from "../settings/resolve-settings.ts";
import { type DocumentSort, type LoadContext, loadDocument } from "./load-document.ts";
import type { UnitText } from "./unit-text.ts";

/** What looking at a document needs beside it. */
export interface LanguageContext extends Pick<LoadContext, "tree" | "searchPath" | "defaultInstance"> {
  readonly audit: AuditContext;
  readonly speak: Speak;
  readonly texts: CheckTexts;
  /** `YYYY-MM-DD`. */
  readonly today: string;
}

export interface Analysis {
  readonly document: UnitText;
  readonly sort: DocumentSort;
  /** The section of the unit's type: "Service". */
  readonly section: string;
  readonly audited: AuditedUnit;
  readonly isAlone: boolean;
  /** What could be added in the document; nothing where the unit has no score. */
  propose(level: Level): Proposal | undefined;
  /** The same for a drop-in of our own, which takes the place of the one that is there. */
  proposeDropIn(level: Level): Proposal | undefined;
  /** The exposure that the unit would have with another text in the document, in tenths. */
  exposureWith(text: UnitText): number | undefined;
}

/** @param dropInName the file of our own drop-in. */
export function analyse(
  document: UnitText,
  sort: DocumentSort,
  context: LanguageContext,
  dropInName: string,
): Analysis {
  const { audit } = context;
  const load = ({ tree }: UnitText) => loadDocument(sort, tree, { ...context, scope: audit.target.scope });
  const { unit, isAlone, isOfMachine } = load(document);
  const tree = isOfMachine ? context.tree : undefined;
  const audited = isAlone ? auditAlone(unit, audit) : auditUnit(unit, audit, tree);
  const isScored = audited.status === "scored";
  const own = isScored ? once(() => proposer(unit, audit, tree)) : undefined;
  const separate = isScored
    ? once(() => proposer(withoutManagedBlock(unit, dropInName), audit, tree))
    : undefined;
  const type = sort.unit.slice(sort.unit.lastIndexOf(".") + 1);
  return {
    document,
    sort,
    section: type.charAt(0).toUpperCase() + type.slice(1),
    audited,
    isAlone,
    propose: level => own?.()(level),
    proposeDropIn: level => separate?.()(level),
    exposureWith(text) {
      const changed = replaceTree(unit, document, text);
      const settings = resolveSettings(changed, audit.target, audit.facts);
      return settings.refused === undefined
        ? assess(settings, audit.pack, audit.facts, audit.policy).exposure
        : undefined;
    },
  };
}

/** Of a drop-in alone only its own lines can be judged: what is missing may stand elsewhere. */
function auditAlone(unit: LoadedUnit, { target, facts }: AuditContext): AuditedUnit {
  const settings = resolveSettings(unit, target, facts);
  return { unit, status: "not-found", settings, findings: settings.diagnostics };
}

function proposer(unit: LoadedUnit, context: AuditContext, tree: FileTree | undefined) {
  const { target, facts, pack, policy } = context;
  const harden = once(() =>
    hardener({
      unit,
      facts,
      resolve: each => resolveSettings(each, target, facts),
      assess: settings => assess(settings, pack, facts, policy),
      ...(tree === undefined ? {} : { tree }),
    }),
  );
  const known = new Map<Level, Proposal>();
  return (level: Level): Proposal => {
    const proposal = known.get(level) ?? harden()({ level });
    known.set(level, proposal);
    return proposal;
  };
}

function replaceTree(unit: LoadedUnit, { tree: { file } }: UnitText, changed: UnitText): LoadedUnit {
  const tree = fillTemplate(changed.tree);
  if (unit.fragment?.file === file) return { ...unit, fragment: tree };
  return {
    ...unit,
    dropIns: unit.dropIns.map(dropIn => (dropIn.tree.file === file ? { ...dropIn, tree } : dropIn)),
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
