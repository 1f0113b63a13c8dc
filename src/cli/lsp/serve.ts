// The protocol: requests of an editor go to the functions of src/lsp, what they find goes back. Nothing is asked of the
// user, and nothing is shown but what the editor shows of itself.
import type { Readable, Writable } from "node:stream";
import {
  type CancellationToken,
  type CodeAction,
  type CodeLens,
  CodeLensRefreshRequest,
  type CompletionItem,
  type Connection,
  createConnection,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  ErrorCodes,
  type InlayHint,
  InlayHintRefreshRequest,
  LSPErrorCodes,
  ResponseError,
  TextDocuments,
} from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import type { Level } from "../../harden/proposal.ts";
import { complete, completionDataOf, resolveItem } from "../../lsp/complete.ts";
import { describePlace } from "../../lsp/describe-place.ts";
import { type IniDocument, iniComplete, iniHover } from "../../lsp/ini-document.ts";
import { defaultSettings, type LanguageSettings, readSettings } from "../../lsp/language-settings.ts";
import {
  allEdits,
  hardenCommand,
  offerActions,
  offerReplacements,
  workspaceEdit,
} from "../../lsp/offer-actions.ts";
import { flatOutline, outline } from "../../lsp/outline.ts";
import { placeOfUnit } from "../../lsp/place-finding.ts";
import { scoreLine } from "../../lsp/score-text.ts";
import { type Abilities, abilitiesOf, offered } from "./abilities.ts";
import { openWorkspace, type Seen, type Workspace } from "./workspace.ts";

export interface Streams {
  readonly input: Readable;
  readonly output: Writable;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A line for whoever reads the server's log. */
  warn(line: string): void;
}

/** Files that belong to units, for the editor to watch. */
const watched = [
  "**/*.{service,socket,mount,swap,timer,path,slice,automount,target}",
  "**/*.d/*.conf",
  "**/tightunit.conf",
];

/** Serves until the client says `exit` or goes away, both of which end the process: 0 after `shutdown`, else 1. */
export function serve(streams: Streams): void {
  const connection = createConnection(streams.input, streams.output);
  const documents = new TextDocuments(TextDocument);
  const timers = new Map<string, NodeJS.Timeout>();
  let abilities: Abilities | undefined;
  let initial = defaultSettings;
  let opening: Promise<Workspace> | undefined;
  const workspace = (): Promise<Workspace> => {
    opening ??= openWorkspace(initial, streams.env, streams.warn);
    return opening;
  };

  const accept = (sent: unknown, base: LanguageSettings): LanguageSettings => {
    const { settings, problems } = readSettings(sent, base);
    for (const problem of problems) streams.warn(`tightunit: ${problem}`);
    return settings;
  };

  connection.onInitialize(params => {
    abilities = abilitiesOf(params);
    initial = accept(params.initializationOptions, defaultSettings);
    return offered;
  });

  connection.onInitialized(async () => {
    // Others tell of their own accord, and complain about being asked to.
    if (abilities?.canWatchConfiguration) {
      void connection.client.register(DidChangeConfigurationNotification.type, { section: "tightunit" });
    }
    if (abilities?.canWatchFiles) {
      const watchers = watched.map(globPattern => ({ globPattern }));
      void connection.client.register(DidChangeWatchedFilesNotification.type, { watchers });
    }
    await configure(undefined);
  });

  connection.onDidChangeConfiguration(({ settings }) => configure(settings?.tightunit));
  connection.onDidChangeWatchedFiles(() => lookAgain());

  async function configure(pushed: unknown): Promise<void> {
    const asked: unknown = abilities?.hasConfiguration
      ? await connection.workspace.getConfiguration("tightunit")
      : pushed;
    (await workspace()).refresh(accept(asked, initial));
    await lookAgain();
  }

  async function lookAgain(): Promise<void> {
    (await workspace()).refresh();
    for (const { uri } of documents.all()) schedule(uri);
    if (abilities?.canRefreshLens) void connection.sendRequest(CodeLensRefreshRequest.type);
    if (abilities?.canRefreshInlay) void connection.sendRequest(InlayHintRefreshRequest.type);
  }

  documents.onDidChangeContent(async ({ document }) => {
    const known = await workspace();
    known.put(document);
    for (const uri of [document.uri, ...known.neighboursOf(document.uri)]) schedule(uri);
  });
  documents.onDidSave(() => lookAgain());
  documents.onDidClose(async ({ document: { uri } }) => {
    const known = await workspace();
    const neighbours = known.neighboursOf(uri);
    known.forget(uri);
    clearTimeout(timers.get(uri));
    timers.delete(uri);
    void connection.sendDiagnostics({ uri, diagnostics: [] });
    for (const neighbour of neighbours) schedule(neighbour);
  });

  /** After some quiet: many changes in a row are looked at once. */
  function schedule(uri: string): void {
    clearTimeout(timers.get(uri));
    const later = async (): Promise<void> => {
      timers.delete(uri);
      const document = documents.get(uri);
      if (document === undefined) return;
      const known = await workspace();
      const problems = known.problemsOf(uri);
      await connection.sendDiagnostics({ uri, version: document.version, diagnostics: [...problems] });
    };
    const run = (): void => void later().catch(error => report(connection, error));
    void workspace().then(({ settings }) => {
      clearTimeout(timers.get(uri));
      timers.set(uri, setTimeout(run, settings.delay));
    });
  }

  /** Lets what is in the pipe arrive, a cancellation among it, and answers nothing that nobody waits for. */
  async function asked<T>(
    uri: string,
    token: CancellationToken,
    nothing: T,
    answer: (seen: Seen, known: Workspace) => T,
    answerIni?: (ini: IniDocument, known: Workspace) => T,
  ): Promise<T | ResponseError<void>> {
    await new Promise(resolve => setImmediate(resolve));
    if (token.isCancellationRequested) return cancelled();
    const known = await workspace();
    const seen = known.see(uri);
    if (token.isCancellationRequested) return cancelled();
    if (seen !== undefined) return answer(seen, known);
    const ini = known.iniOf(uri);
    return ini === undefined || answerIni === undefined ? nothing : answerIni(ini, known);
  }

  connection.onHover(({ textDocument, position }, token) =>
    asked(
      textDocument.uri,
      token,
      null,
      ({ analysis, settings, context }) => {
        const offset = analysis.document.offsetAt(position);
        return describePlace(analysis, offset, settings, context) ?? null;
      },
      ini => iniHover(ini, position) ?? null,
    ),
  );

  connection.onCompletion(({ textDocument, position }, token) =>
    asked<CompletionItem[]>(
      textDocument.uri,
      token,
      [],
      ({ analysis, context }) => [...complete(analysis, analysis.document.offsetAt(position), context)],
      ini => [...iniComplete(ini, position)],
    ),
  );

  connection.onCompletionResolve(async (item, token) => {
    const data = completionDataOf(item.data);
    if (data === undefined) return item;
    return asked(data.uri, token, item, ({ analysis, context }) =>
      resolveItem(item, data, analysis, context),
    );
  });

  connection.onDocumentSymbol(({ textDocument }, token) =>
    asked(textDocument.uri, token, null, ({ analysis: { document } }) =>
      abilities?.hasTreeOutline ? [...outline(document)] : [...flatOutline(document)],
    ),
  );

  connection.onCodeAction(({ textDocument: { uri }, range, context: { only } }, token) => {
    const request = (known: Workspace) => ({
      range,
      problems: known.problemsOf(uri),
      ...(only === undefined ? {} : { only }),
    });
    return asked<CodeAction[] | null>(
      uri,
      token,
      null,
      ({ analysis, settings, context }, known) => [
        ...offerActions(analysis, request(known), settings, context, editAbility(uri)),
      ],
      (_, known) => [...offerReplacements({ uri }, request(known), known.speak, editAbility(uri))],
    );
  });

  connection.onCodeLens(({ textDocument }, token) =>
    asked(textDocument.uri, token, null, ({ analysis, settings, context }): CodeLens[] => {
      if (!showsScore("lens", settings)) return [];
      const range = analysis.document.rangeOf(placeOfUnit(analysis.document, analysis.section));
      const title = scoreLine(analysis, settings, context);
      const canHarden =
        abilities?.canApplyEdits && (analysis.propose(settings.level)?.settings.length ?? 0) > 0;
      const command = canHarden
        ? hardenCommand(title, textDocument.uri, settings.level)
        : { title, command: "" };
      return [{ range, command }];
    }),
  );

  connection.languages.inlayHint.on(({ textDocument }, token) =>
    asked(textDocument.uri, token, null, ({ analysis, settings, context }): InlayHint[] => {
      if (!showsScore("inlay", settings)) return [];
      const { end } = analysis.document.rangeOf(placeOfUnit(analysis.document, analysis.section));
      return [{ position: end, label: scoreLine(analysis, settings, context), paddingLeft: true }];
    }),
  );

  connection.onExecuteCommand(async ({ command, arguments: [uri, level] = [] }, token) => {
    const wanted = levelOf(level);
    if (command !== "tightunit.harden" || typeof uri !== "string" || wanted === undefined)
      return new ResponseError(ErrorCodes.InvalidParams, "tightunit.harden takes a document and a level");
    return asked(uri, token, null, ({ analysis }) => {
      const proposal = analysis.propose(wanted);
      const edits = proposal && allEdits(analysis, proposal);
      if (edits !== undefined)
        void connection.workspace.applyEdit(workspaceEdit(analysis.document, edits, editAbility(uri)));
      return null;
    });
  });

  function showsScore(where: "lens" | "inlay", { score }: LanguageSettings): boolean {
    if (score !== "auto") return score === where;
    return (where === "lens") === (abilities?.hasLens === true);
  }

  function editAbility(uri: string) {
    return {
      version: documents.get(uri)?.version ?? null,
      hasVersions: abilities?.hasVersionedEdits === true,
      canCreateFiles: abilities?.canCreateFiles === true,
    };
  }

  documents.listen(connection);
  connection.listen();
}

function levelOf(text: unknown): Level | undefined {
  return (["safe", "balanced", "strict"] as const).find(level => level === text);
}

function cancelled(): ResponseError<void> {
  return new ResponseError(LSPErrorCodes.RequestCancelled, "cancelled");
}

function report(connection: Connection, error: unknown): void {
  connection.console.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
}
