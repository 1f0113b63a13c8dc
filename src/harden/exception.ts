import { posix } from "node:path";
import { kindOf } from "../needs/judge-denial.ts";
import type { Need } from "../needs/need.ts";
import { isBelow, parseNeedPattern } from "../needs/need-pattern.ts";
import { type Denial, loadDirective } from "../rules/directives.ts";
import { loadPlaces } from "../rules/places.ts";
import type { HardenContext } from "./candidate.ts";

/**
 * The line of `directive` that leaves one needed subject out of a denial, and the subject that it frees;
 * `undefined` where the need is as wide as the denial itself, so that nothing would be left of it.
 */
export function exceptionFor(
  directive: string,
  denial: Denial,
  need: Need,
  context: HardenContext,
): { readonly line: string; readonly subject: string } | undefined {
  if (need.subject === undefined || need.subject === "*") return undefined;
  const kind = kindOf(need.kind, context.knowledge.vocabulary);
  const denied = parseNeedPattern(denial.need).subject;
  switch (kind.subject) {
    case "path": {
      // A device is named itself, by a node that every machine has under that name; systemd.resource-control(5), DeviceAllow=.
      const nodes = loadDirective(directive)?.nodes;
      if (nodes !== undefined)
        return nodes.includes(need.subject)
          ? { line: `${directive}=${need.subject} rw`, subject: need.subject }
          : undefined;
      const folder = mountPoint(need.subject, context);
      if (denied !== undefined && isBelow(denied, folder)) return undefined;
      return { line: `${directive}=${context.isLasting(folder) ? "" : "-"}${folder}`, subject: folder };
    }
    case "port":
      return { line: `${directive}=${need.subject.replace(/:[*0]$/, "")}`, subject: need.subject };
    case "address":
      if (need.subject === "any") return undefined;
      return { line: `${directive}=${need.subject}`, subject: need.subject };
    default:
      return undefined;
  }
}

/**
 * The folder to bind for a path: systemd.exec(5), ReadWritePaths= needs what is there when the service starts, and a file that is
 * replaced or removed needs its folder. So a file stands for its folder, and what may be missing for the nearest folder that is not.
 */
function mountPoint(path: string, { pathKind }: HardenContext): string {
  if (pathKind === undefined) return anchor(path);
  const { emptied } = loadPlaces();
  let folder = path;
  while (folder !== "/" && !emptied.includes(folder) && pathKind(folder) !== "directory")
    folder = posix.dirname(folder);
  return folder;
}

/** Without a file system to look at: a volatile path is created by its service, anything else was there before. */
function anchor(path: string): string {
  return loadPlaces().emptied.find(folder => isBelow(path, folder)) ?? path;
}
