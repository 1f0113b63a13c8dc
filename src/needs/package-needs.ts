// What the package of a unit shows that the service writes: its folders, and the logs that its logrotate file names.

import { posix } from "node:path";
import type { FileTree } from "../host/file-tree.ts";
import { matchesPattern } from "../host/glob.ts";
import { configText } from "./config/config-text.ts";
import { pathsIn } from "./config/paths-in.ts";
import type { Need } from "./need.ts";
import { isBelow } from "./need-pattern.ts";
import { packageFiles } from "./package-files.ts";

/** The folders below /var that the unit's package ships, and those of the logs that are rotated for it. */
export function packageNeeds(unitPath: string | undefined, tree: FileTree): readonly Need[] {
  const list = unitPath === undefined ? undefined : packageFiles(unitPath, tree);
  if (list === undefined) return [];
  const folders = list.paths
    .filter(
      path =>
        /^\/var\/(lib|cache|log|spool|mail|games|backups|www)\/[^/]+$/.test(path) &&
        tree.stat(path)?.kind === "directory",
    )
    .map(
      (subject): Need => writes(subject, list.file, undefined, `${subject} belongs to the unit's package`),
    );
  const logs = list.paths
    .filter(path => /^\/etc\/logrotate\.d\/[^/]+$/.test(path))
    .flatMap(path => rotatedLogs(path, tree));
  return [...folders, ...logs];
}

/**
 * The folder below /etc that goes by the package's name. Some daemons keep there what they are told at run time; which do, only
 * knowledge of the program can tell, so the need is assumed.
 */
export function packageConfigNeeds(unitPath: string | undefined, tree: FileTree): readonly Need[] {
  const list = unitPath === undefined ? undefined : packageFiles(unitPath, tree);
  if (list === undefined) return [];
  const name = posix.basename(list.file).replace(/(:[a-z0-9]+)?\.list$/, "");
  return list.paths
    .filter(path => {
      const folder = /^\/etc\/([^/]+)$/.exec(path)?.[1];
      return (
        folder !== undefined &&
        (name.startsWith(folder) || folder.startsWith(name)) &&
        tree.stat(path)?.kind === "directory"
      );
    })
    .map(
      (subject): Need => ({
        ...writes(subject, list.file, undefined, `${subject} belongs to the unit's package`),
        certainty: "assumed",
        prior: "common",
      }),
    );
}

/**
 * The capability that root needs to open logs of another user: those that the package's logrotate file names, as they are or as it
 * makes them anew. A program gives its log to the user that it becomes, and opens it as root at its next start.
 */
export function foreignLogNeeds(unitPath: string | undefined, tree: FileTree): readonly Need[] {
  const list = unitPath === undefined ? undefined : packageFiles(unitPath, tree);
  const files = (list?.paths ?? []).filter(path => /^\/etc\/logrotate\.d\/[^/]+$/.test(path));
  return files.flatMap(file => {
    const content = configText(file, tree);
    if (typeof content !== "object") return [];
    for (const [index, raw] of content.text.split("\n").entries()) {
      const line = raw.trim().slice(0, MAX_LINE);
      const owner = /^create\s+[0-7]+\s+([\w-]+)/.exec(line)?.[1];
      const isForeign =
        owner === undefined
          ? line.startsWith("/") && line.split(/[\s{]+/).some(word => isAnothers(word, tree))
          : owner !== "root" && owner !== "0";
      if (!isForeign) continue;
      const detail = `logs of another user: ${line}`.slice(0, 200);
      const evidence = { by: "filesystem", file, line: index + 1, detail } as const;
      return [{ kind: "cap", subject: "CAP_DAC_OVERRIDE", certainty: "inferred", evidence } as const];
    }
    return [];
  });
}

/** Whether a file that a path or pattern means is not root's. */
function isAnothers(pattern: string, tree: FileTree): boolean {
  if (!pattern.startsWith("/")) return false;
  const folder = posix.dirname(pattern);
  return tree
    .readDirectory(folder)
    .filter(name => matchesPattern(posix.basename(pattern), name))
    .map(name => tree.stat(`${folder}/${name}`))
    .some(stat => stat?.kind === "file" && stat.uid !== 0);
}

const MAX_LINE = 4096;

/** logrotate(8): paths and patterns up to a brace, then what is done with them. */
function rotatedLogs(file: string, tree: FileTree): readonly Need[] {
  const content = configText(file, tree);
  if (typeof content !== "object") return [];
  const needs: Need[] = [];
  let isInside = false;
  for (const [index, raw] of content.text.split("\n").entries()) {
    const line = raw.trim().slice(0, MAX_LINE);
    if (line.startsWith("#")) continue;
    if (!isInside && /^["'/]/.test(line)) {
      const paths = pathsIn([line.replace(/\{.*$/, "").replaceAll(/["']/g, "")]);
      for (const path of paths) {
        // A pattern has become its folder already; a file is made anew in its own.
        const folder = tree.stat(path)?.kind === "directory" ? path : posix.dirname(path);
        if (isBelow(folder, "/var") && folder !== "/var")
          needs.push(writes(folder, file, index + 1, `logs there are rotated: ${line}`));
      }
    }
    if (line.includes("{")) isInside = true;
    if (line.includes("}")) isInside = false;
  }
  return needs;
}

function writes(subject: string, file: string, line: number | undefined, detail: string): Need {
  return {
    kind: "write",
    subject,
    certainty: "inferred",
    evidence: {
      by: "filesystem",
      file,
      ...(line === undefined ? {} : { line }),
      detail: detail.slice(0, 200),
    },
  };
}
