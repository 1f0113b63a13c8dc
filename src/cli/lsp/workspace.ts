// The open documents and what is known of each. Analyses are made when something asks for them and kept until any
// document, file or setting changes; what they are read with comes from the editor, then from the nearest tightunit.conf.
import { dirname } from "node:path";
import type { Diagnostic as Problem } from "vscode-languageserver-types";
import { hostTree } from "../../host/directory-tree.ts";
import { dropInName } from "../../host/drop-in-file.ts";
import type { FileTree } from "../../host/file-tree.ts";
import { memoryTree } from "../../host/memory-tree.ts";
import { overlayTree } from "../../host/overlay-tree.ts";
import { hostSearchPath } from "../../host/search-path.ts";
import { sourceNames } from "../../host/source-names.ts";
import { type Analysis, analyse, type LanguageContext } from "../../lsp/analyse.ts";
import { pathOfUri } from "../../lsp/file-uri.ts";
import { findProblems } from "../../lsp/find-problems.ts";
import { type IniDocument, iniProblems } from "../../lsp/ini-document.ts";
import type { LanguageSettings } from "../../lsp/language-settings.ts";
import { type DocumentSort, scopeOfPath, sortDocument } from "../../lsp/load-document.ts";
import { longestDocument, unitText } from "../../lsp/unit-text.ts";
import { checkTexts } from "../../report/check-texts.ts";
import { type Speak, speaker } from "../../report/messages.ts";
import { loadMessages, messagesOf } from "../../rules/messages.ts";
import type { Scope } from "../../rules/scope.ts";
import { systemdFacts } from "../../rules/systemd-facts.ts";
import { checksFor } from "../../score/assess.ts";
import { type AuditContext, defaultInstance } from "../../score/audit-unit.ts";
import { chooseSystemd } from "../choose-systemd.ts";
import { loadConfig } from "../config.ts";
import { loadPacks } from "../load-packs.ts";
import { iniFile } from "./ini-files.ts";

export interface OpenDocument {
  readonly uri: string;
  readonly languageId: string;
  readonly version: number;
  getText(): string;
}

/** What is known of one open document. */
export interface Seen {
  readonly analysis: Analysis;
  readonly context: LanguageContext;
  readonly settings: LanguageSettings;
}

export interface Workspace {
  /** Takes the document's present text. */
  put(document: OpenDocument): void;
  forget(uri: string): void;
  /** Something outside of the documents changed. */
  refresh(settings?: LanguageSettings): void;
  /** Nothing for documents that are no part of a unit, or too large. */
  see(uri: string): Seen | undefined;
  /** An open file of ours that is no unit: tightunit.conf, tightunit.waivers. */
  iniOf(uri: string): IniDocument | undefined;
  /** What to underline, and the documents of the same unit, which may have changed with it. */
  problemsOf(uri: string): readonly Problem[];
  neighboursOf(uri: string): readonly string[];
  readonly settings: LanguageSettings;
  readonly speak: Speak;
}

interface Opened {
  readonly document: OpenDocument;
  readonly path: string;
  readonly sort: DocumentSort;
}

/** @param warn for what a person should know and nobody asked for. */
export async function openWorkspace(
  first: LanguageSettings,
  env: Readonly<Record<string, string | undefined>>,
  warn: (line: string) => void,
): Promise<Workspace> {
  const packs = await loadPacks({}, "/", warn);
  const speak = speaker(
    Object.assign(Object.create(null), loadMessages(), ...[packs.pack, ...packs.rulePacks].map(messagesOf)),
  );
  const opened = new Map<string, Opened>();
  const others = new Map<string, OpenDocument>();
  const seen = new Map<string, { readonly version: number; readonly made: Seen | undefined }>();
  const contexts = new Map<string, AuditContext>();
  const warned = new Set<string>();
  let settings = first;

  function see(uri: string): Seen | undefined {
    const found = opened.get(uri);
    if (found === undefined) return undefined;
    const known = seen.get(uri);
    const { version } = found.document;
    if (known?.version === version) return known.made;
    const made = look(found);
    seen.set(uri, { version, made });
    return made;
  }

  function iniOf(uri: string): IniDocument | undefined {
    const document = others.get(uri);
    return document && iniFile(uri, document.getText());
  }

  function look({ document, path, sort }: Opened): Seen | undefined {
    const text = document.getText();
    if (text.length > longestDocument) return undefined;
    const configured = configuredFor(dirname(path));
    const scope = scopeOfPath(path) ?? configured.scope;
    const audit = contextFor(configured.settings, scope);
    const tree = treeWith([...opened.values()].filter(each => each.sort.folder === sort.folder));
    const context: LanguageContext = {
      audit,
      tree,
      speak,
      texts: checkTexts(checksFor(audit.pack, audit.target), audit.policy),
      today: new Date().toISOString().slice(0, 10),
      searchPath: hostSearchPath(scope, env),
      defaultInstance: defaultInstance(audit.target),
    };
    const analysis = analyse(unitText(document.uri, text, path), sort, context, dropInName);
    return { analysis, context, settings: configured.settings };
  }

  /** What the editor says counts before what a tightunit.conf says. */
  function configuredFor(folder: string): { readonly settings: LanguageSettings; readonly scope: Scope } {
    const { config, file, diagnostics } = loadConfig(folder);
    if (diagnostics.length > 0 && file !== undefined && !warned.has(file)) {
      warned.add(file);
      warn(`tightunit: the configuration ${file} is not usable as it is`);
    }
    const { systemd, arch, scope = "system" } = config.audit ?? {};
    const own = {
      ...(systemd !== undefined && { systemd }),
      ...(arch !== undefined && { arch }),
    };
    return { settings: { ...own, ...settings }, scope };
  }

  function contextFor(chosen: LanguageSettings, scope: Scope): AuditContext {
    const { systemd, arch } = chosen;
    const id = `${scope} ${systemd ?? ""} ${arch ?? ""}`;
    const known = contexts.get(id);
    if (known !== undefined) return known;
    const { target } = chooseSystemd({ systemd, arch, scope }, [hostTree()]);
    const made = { target, facts: systemdFacts(target.profile, target.arch, target.version), ...packs };
    contexts.set(id, made);
    return made;
  }

  return {
    put(document) {
      const path = pathOfUri(document.uri, document.languageId);
      const sort =
        path === undefined ? undefined : sortDocument(path, sourceNames(hostTree(), dirname(path)));
      seen.clear();
      if (path === undefined || sort === undefined) others.set(document.uri, document);
      else opened.set(document.uri, { document, path, sort });
    },
    forget(uri) {
      opened.delete(uri);
      others.delete(uri);
      seen.clear();
    },
    refresh(changed = settings) {
      settings = changed;
      seen.clear();
      warned.clear();
    },
    see,
    iniOf,
    problemsOf(uri) {
      const found = opened.get(uri);
      if (found !== undefined && found.document.getText().length > longestDocument) return [tooLarge(speak)];
      const ini = iniOf(uri);
      if (ini !== undefined) return iniProblems(ini, speak);
      const known = see(uri);
      return known === undefined ? [] : findProblems(known.analysis, known.settings, known.context);
    },
    neighboursOf(uri) {
      const own = opened.get(uri)?.sort;
      return [...opened]
        .filter(([other, { sort }]) => other !== uri && sort.unit === own?.unit && sort.folder === own.folder)
        .map(([other]) => other);
    },
    speak,
    get settings() {
      return settings;
    },
  };
}

/** The machine as it would be if the documents were saved as they stand in the editor. */
function treeWith(documents: readonly Opened[]): FileTree {
  const entries = documents
    .filter(({ document }) => document.getText().length <= longestDocument)
    .map(({ path, document }) => [path, document.getText()] as const);
  return overlayTree(memoryTree(entries, "the editor"), hostTree());
}

function tooLarge(speak: Speak): Problem {
  const args = { limit: `${longestDocument / 1024 / 1024} MiB` };
  return {
    range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } },
    severity: 3,
    source: "tightunit",
    code: "lsp-too-large",
    message: speak({ code: "lsp-too-large", severity: "note", args }),
  };
}
