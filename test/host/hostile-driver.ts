// Runs in a process of its own, so that what it opens, how long it takes and how much memory it needs can be measured.
import { openDeb } from "../../src/host/deb.ts";
import { directoryTree } from "../../src/host/directory-tree.ts";
import type { FileTree } from "../../src/host/file-tree.ts";
import { listUnits } from "../../src/host/list-units.ts";
import { loadUnit } from "../../src/host/load-unit.ts";
import { SourceError } from "../../src/host/source-error.ts";
import { indexUnits } from "../../src/host/unit-index.ts";

const [task = "", path = ""] = process.argv.slice(2);
const start = performance.now();
const before = process.cpuUsage();
const result = await run();
const wall = performance.now() - start;
const { user, system } = process.cpuUsage(before);
// On a busy machine the clock counts what others do, and threads of node count the processor twice.
const milliseconds = Math.min(wall, (user + system) / 1000);
console.log(JSON.stringify({ result, milliseconds, megabytes: process.resourceUsage().maxRSS / 1024 }));

async function run(): Promise<string> {
  try {
    if (task === "deb") return `opened ${loadAll(await openDeb(path))}`;
    const tree = directoryTree(path);
    const units = loadAll(tree);
    if (task === "walk") walk(tree, "", 0);
    return units;
  } catch (error) {
    if (error instanceof SourceError) return error.diagnostic.code;
    throw error;
  }
}

/** Every unit with its status. */
function loadAll(tree: FileTree): string {
  const index = indexUnits({ tree, scope: "system", extraDirectories: [] });
  return listUnits(index)
    .map(name => loadUnit(index, name, { defaultInstance: "i" }))
    .map(unit => `${unit.name} ${unit.status}`)
    .join(", ");
}

/** Asks for everything there is, links followed, as far down as a loop lets it. */
function walk(tree: FileTree, folder: string, depth: number): void {
  for (const name of tree.readDirectory(folder || "/")) {
    const path = `${folder}/${name}`;
    tree.lstat(path);
    tree.stat(path);
    tree.realPath(path);
    tree.readLink(path);
    if (tree.readFile(path)?.toString().includes("canary")) console.log(`CANARY READ: ${path}`);
    if (depth < 4) walk(tree, path, depth + 1);
  }
}
