// Many paths → few: files that share a folder become the folder, so that a trace of a million files is a dozen needs.

import type { Evidence } from "../need.ts";

/** A set of paths that stays small whatever is added. What was added is always at or below a path that it lists. */
export interface PathSet {
  add(path: string, evidence: () => Evidence): void;
  list(): readonly { readonly path: string; readonly evidence: Evidence }[];
}

interface Node {
  readonly children: Map<string, Node>;
  /** Present where the path itself is in the set. */
  evidence?: Evidence;
  isWhole: boolean;
}

/** Folders nearer to the root than this hold more than one program's files and take more before they become one. */
const DEEP = 3;
const MANY_SHALLOW = 24;
const MAX_DEPTH = 40;
const MAX_NODES = 20_000;

/**
 * @param many how many paths in one folder are still listed one by one
 * @param places folders that mean something of their own: they never disappear in one above them
 */
export function pathSet(many: number, places: readonly string[]): PathSet {
  const root: Node = { children: new Map(), isWhole: false };
  const above = new Set<string>();
  for (const place of places)
    for (let end = place.lastIndexOf("/"); end > 0; end = place.lastIndexOf("/", end - 1))
      above.add(place.slice(0, end));
  const isPlace = new Set(places);
  const leadsToPlace = (path: string) => isPlace.has(path) || above.has(path);
  let nodes = 0;

  /** Takes out what the node stands for now, except places. */
  function prune(node: Node, path: string): void {
    for (const [name, child] of node.children) {
      const below = `${path}/${name}`;
      if (isPlace.has(below)) continue;
      if (above.has(below)) {
        delete child.evidence;
        prune(child, below);
      } else node.children.delete(name);
    }
  }

  function makeWhole(node: Node, path: string, evidence: () => Evidence): void {
    if (node.isWhole) return;
    node.isWhole = true;
    node.evidence ??= firstEvidence(node) ?? evidence();
    prune(node, path);
  }

  return {
    add(path, evidence) {
      const names = path.split("/").filter(name => name !== "");
      let node = root;
      let at = "";
      for (const [depth, name] of names.entries()) {
        const next = `${at}/${name}`;
        if (node.isWhole && !leadsToPlace(next)) return;
        let child = node.children.get(name);
        if (child === undefined) {
          const limit = depth >= DEEP ? many : MANY_SHALLOW;
          const isFull = depth >= 2 && node.children.size >= limit && !leadsToPlace(next);
          if (isFull || depth >= MAX_DEPTH || nodes >= MAX_NODES) {
            makeWhole(node, at, evidence);
            return;
          }
          nodes++;
          child = { children: new Map(), isWhole: false };
          node.children.set(name, child);
        }
        node = child;
        at = next;
      }
      makeWhole(node, at, evidence);
    },
    list() {
      const found: { path: string; evidence: Evidence }[] = [];
      const visit = (node: Node, path: string): void => {
        if (node.evidence !== undefined) found.push({ path: path || "/", evidence: node.evidence });
        for (const [name, child] of node.children) visit(child, `${path}/${name}`);
      };
      visit(root, "");
      return found.sort((a, b) => (a.path < b.path ? -1 : 1));
    },
  };
}

function firstEvidence(node: Node): Evidence | undefined {
  for (const child of node.children.values()) {
    const evidence = child.evidence ?? firstEvidence(child);
    if (evidence !== undefined) return evidence;
  }
  return undefined;
}
