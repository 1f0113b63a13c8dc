import { type DocumentSymbol, type SymbolInformation, SymbolKind } from "vscode-languageserver-types";
import { contentOf, type PlacedNode, spansOf, type UnitText } from "./unit-text.ts";

/** More than that nobody looks through. */
const mostSymbols = 5000;

/** The sections of a document with the assignments in each. */
export function outline(document: UnitText): readonly DocumentSymbol[] {
  const sections: DocumentSymbol[] = [];
  let children: DocumentSymbol[] = [];
  const nodes = document.nodes.slice(0, mostSymbols);
  for (const [position, placed] of nodes.entries()) {
    const { node } = placed;
    if (node.kind === "section") {
      const end = endOfSection(nodes, position);
      children = [];
      sections.push({
        name: node.name === "" ? "[]" : node.name,
        kind: SymbolKind.Module,
        range: document.rangeOf({ start: placed.start, end }),
        selectionRange: document.rangeOf(contentOf(document, placed)),
        children,
      });
    } else if (node.kind === "assignment" && node.key !== "") {
      const { key, whole } = spansOf(document, placed);
      children.push({
        name: node.key,
        detail: node.value.slice(0, 200),
        kind: SymbolKind.Property,
        range: document.rangeOf(whole),
        selectionRange: document.rangeOf(key),
      });
    }
  }
  return sections;
}

function endOfSection(nodes: readonly PlacedNode[], header: number): number {
  const next = nodes.findIndex(({ node }, position) => position > header && node.kind === "section");
  return (next < 0 ? nodes.at(-1) : nodes[next - 1])?.end ?? 0;
}

/** The same for editors that take a flat list alone. */
export function flatOutline(document: UnitText): readonly SymbolInformation[] {
  const { uri } = document;
  return outline(document).flatMap(({ name, kind, range, children = [] }) => [
    { name, kind, location: { uri, range } },
    ...children.map(child => ({
      name: child.name,
      kind: child.kind,
      location: { uri, range: child.range },
      containerName: name,
    })),
  ]);
}
