import { dirname, relative } from "node:path";
import type { WorkspaceEdit } from "vscode-languageserver-types";
import type { Proposal } from "../harden/proposal.ts";
import { dropInName } from "../host/drop-in-file.ts";
import type { FileTree } from "../host/file-tree.ts";
import { putManagedBlock } from "../host/managed-block.ts";
import type { Analysis } from "./analyse.ts";
import { fileUri } from "./file-uri.ts";

export interface DropInEdit {
  readonly edit: WorkspaceEdit;
  /** The file, from the folder of the unit. */
  readonly shown: string;
}

/**
 * The proposal as a drop-in beside the unit, in the block that `fix --undo` takes out again; nothing where there is
 * nothing to add, or where the markers in the file that is there were damaged.
 */
export function dropInEdit(
  { document, sort }: Analysis,
  proposal: Proposal,
  tree: FileTree,
): DropInEdit | undefined {
  if (proposal.dropIn === "" || !document.uri.startsWith("file:")) return undefined;
  const path = `${sort.folder}/${sort.unit}.d/${dropInName}`;
  const before = new TextDecoder().decode(tree.readFile(path) ?? new Uint8Array());
  const isNew = tree.stat(dirname(path)) === undefined;
  const next = putManagedBlock(before, proposal.dropIn, isNew ? "new-folder" : "old-folder");
  if (next.kind === "broken") return undefined;
  const uri = fileUri(path);
  const lines = before.split(/\r\n|\r|\n/);
  const end = { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
  return {
    shown: relative(sort.folder, path),
    edit: {
      documentChanges: [
        { kind: "create", uri, options: { ignoreIfExists: true } },
        {
          textDocument: { uri, version: null },
          edits: [{ range: { start: { line: 0, character: 0 }, end }, newText: next.text }],
        },
      ],
    },
  };
}
