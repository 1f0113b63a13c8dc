import type { LoadedUnit } from "../host/loaded-unit.ts";
import { loadDirectives } from "../rules/directives.ts";
import type { UnitTree } from "../unit/tree.ts";

/**
 * The unit without every setting that could have been proposed: what evidence says of it then is what the service would do if
 * nothing kept it from that.
 */
export function withoutRestrictions(unit: LoadedUnit): LoadedUnit {
  const proposable = new Set(
    loadDirectives().flatMap(({ directive, propose }) => (propose ? [directive] : [])),
  );
  const bare = (tree: UnitTree): UnitTree => ({
    ...tree,
    nodes: tree.nodes.filter(node => node.kind !== "assignment" || !proposable.has(node.key)),
  });
  return {
    ...unit,
    ...(unit.fragment === undefined ? {} : { fragment: bare(unit.fragment) }),
    dropIns: unit.dropIns.map(dropIn => ({ ...dropIn, tree: bare(dropIn.tree) })),
  };
}
