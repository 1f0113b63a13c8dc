// A client of the language server over its standard streams, as an editor has one: the real program, the real protocol.
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { join } from "node:path";
import {
  createProtocolConnection,
  type Diagnostic,
  type InitializeParams,
  type InitializeResult,
  type ProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver/node";

const program = join(import.meta.dirname, "..", "..", "bin", "tightunit.js");

export interface Client {
  readonly connection: ProtocolConnection;
  readonly process: ChildProcessWithoutNullStreams;
  readonly capabilities: InitializeResult;
  /** What was published last for a document, and how often anything was. */
  readonly published: ReadonlyMap<string, readonly Diagnostic[]>;
  readonly publications: () => number;
  /** Requests of the server for changes. */
  readonly applied: unknown[];
  open(uri: string, text: string, languageId?: string): Promise<readonly Diagnostic[]>;
  /** Changes ranges of the document; without one, all of it. */
  change(uri: string, changes: readonly Change[]): void;
  /** Closes a document. @returns its findings after that: none. */
  close(uri: string): Promise<readonly Diagnostic[]>;
  /** The next findings that are published for a document. */
  nextProblems(uri: string): Promise<readonly Diagnostic[]>;
  request<T>(method: string, params: unknown): Promise<T>;
  /** Ends the session as it should be. @returns the exit code. */
  stop(): Promise<number | null>;
}

export interface Change {
  readonly range?: {
    readonly start: { readonly line: number; readonly character: number };
    readonly end: { readonly line: number; readonly character: number };
  };
  readonly text: string;
}

/** What an editor of today offers. */
export const capable: InitializeParams["capabilities"] = {
  general: { positionEncodings: ["utf-8", "utf-16"] },
  workspace: { applyEdit: true, workspaceEdit: { documentChanges: true, resourceOperations: ["create"] } },
  textDocument: {
    codeLens: {},
    inlayHint: {},
    documentSymbol: { hierarchicalDocumentSymbolSupport: true },
    publishDiagnostics: { relatedInformation: true, codeDescriptionSupport: true, dataSupport: true },
  },
};

export function spawnServer(args: readonly string[] = []): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [program, "lsp", ...args], {
    env: { ...process.env, HOME: "/nonexistent" },
  });
}

export async function startClient(
  initializationOptions: unknown = { systemd: "257", arch: "x86-64", delay: 20 },
  capabilities: InitializeParams["capabilities"] = capable,
  /** Answers to what the server asks beyond changes. */
  answer: (connection: ProtocolConnection) => void = () => {},
): Promise<Client> {
  const child = spawnServer(["--stdio"]);
  const connection = createProtocolConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  const published = new Map<string, readonly Diagnostic[]>();
  const waiting = new Map<string, ((problems: readonly Diagnostic[]) => void)[]>();
  const applied: unknown[] = [];
  let count = 0;
  connection.onNotification("textDocument/publishDiagnostics", ({ uri, diagnostics }) => {
    count++;
    published.set(uri, diagnostics);
    const listeners = waiting.get(uri) ?? [];
    waiting.set(uri, []);
    for (const tell of listeners) tell(diagnostics);
  });
  connection.onRequest("workspace/applyEdit", params => {
    applied.push(params);
    return { applied: true };
  });
  answer(connection);
  connection.listen();
  const result: InitializeResult = await connection.sendRequest("initialize", {
    processId: process.pid,
    rootUri: null,
    capabilities,
    initializationOptions,
  });
  await connection.sendNotification("initialized", {});
  let version = 0;
  const nextProblems = (uri: string): Promise<readonly Diagnostic[]> =>
    new Promise(resolve => waiting.set(uri, [...(waiting.get(uri) ?? []), resolve]));
  return {
    connection,
    process: child,
    capabilities: result,
    published,
    publications: () => count,
    applied,
    nextProblems,
    async open(uri, text, languageId = "systemd") {
      const next = nextProblems(uri);
      const textDocument = { uri, languageId, version: ++version, text };
      await connection.sendNotification("textDocument/didOpen", { textDocument });
      return next;
    },
    change(uri, contentChanges) {
      const textDocument = { uri, version: ++version };
      void connection.sendNotification("textDocument/didChange", { textDocument, contentChanges });
    },
    async close(uri) {
      const next = nextProblems(uri);
      await connection.sendNotification("textDocument/didClose", { textDocument: { uri } });
      return next;
    },
    request: (method, params) => connection.sendRequest(method, params),
    async stop() {
      const exited = new Promise<number | null>(resolve => child.on("exit", resolve));
      await connection.sendRequest("shutdown");
      await connection.sendNotification("exit");
      const code = await exited;
      connection.dispose();
      return code;
    },
  };
}
