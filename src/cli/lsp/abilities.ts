// What a client can do, and what the server then offers it.
import {
  type InitializeParams,
  type InitializeResult,
  TextDocumentSyncKind,
} from "vscode-languageserver/node";
import { actionKinds } from "../../lsp/offer-actions.ts";
import { toolVersion } from "../tool-version.ts";

export interface Abilities {
  readonly hasLens: boolean;
  readonly hasInlay: boolean;
  readonly hasVersionedEdits: boolean;
  readonly canCreateFiles: boolean;
  readonly canApplyEdits: boolean;
  readonly hasConfiguration: boolean;
  readonly canWatchConfiguration: boolean;
  readonly hasTreeOutline: boolean;
  readonly canWatchFiles: boolean;
  readonly canRefreshLens: boolean;
  readonly canRefreshInlay: boolean;
}

export function abilitiesOf({ capabilities }: InitializeParams): Abilities {
  const { workspace, textDocument } = capabilities;
  const edit = workspace?.workspaceEdit;
  const hasVersionedEdits = edit?.documentChanges === true;
  return {
    hasLens: textDocument?.codeLens !== undefined,
    hasInlay: textDocument?.inlayHint !== undefined,
    hasVersionedEdits,
    canCreateFiles: hasVersionedEdits && edit?.resourceOperations?.includes("create") === true,
    canApplyEdits: workspace?.applyEdit === true,
    hasConfiguration: workspace?.configuration === true,
    canWatchConfiguration: workspace?.didChangeConfiguration?.dynamicRegistration === true,
    hasTreeOutline: textDocument?.documentSymbol?.hierarchicalDocumentSymbolSupport === true,
    canWatchFiles: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    canRefreshLens: workspace?.codeLens?.refreshSupport === true,
    canRefreshInlay: workspace?.inlayHint?.refreshSupport === true,
  };
}

/**
 * Positions are always counted in UTF-16 units: the one encoding that every client has to understand, whatever else it
 * offers, and the one in which edits of this server's own text are exact.
 */
export const offered: InitializeResult = {
  serverInfo: { name: "tightunit", version: toolVersion },
  capabilities: {
    positionEncoding: "utf-16",
    textDocumentSync: {
      openClose: true,
      change: TextDocumentSyncKind.Incremental,
      save: { includeText: false },
    },
    hoverProvider: true,
    completionProvider: { triggerCharacters: ["=", "[", "@", "~", " "], resolveProvider: true },
    documentSymbolProvider: true,
    codeActionProvider: { codeActionKinds: [...actionKinds] },
    codeLensProvider: { resolveProvider: false },
    inlayHintProvider: true,
    executeCommandProvider: { commands: ["tightunit.harden"] },
  },
};
