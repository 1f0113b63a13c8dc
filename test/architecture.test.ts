import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

// The rules of the house that a compiler does not hold: which folder may import which, and who may touch the machine.

const source = join(dirname(fileURLToPath(import.meta.url)), "..", "src");
/** A folder imports only from folders before it, or from itself. */
const layers = [
  "rules",
  "unit",
  "host",
  "settings",
  "score",
  "needs",
  "harden",
  "live",
  "gate",
  "report",
  "lsp",
  "cli",
  ".",
];
const machine = /^node:(fs|fs\/promises|child_process|net|http|https|worker_threads|os|tty|readline)$/;

interface Import {
  readonly from: string;
  readonly to: string;
  readonly isTypeOnly: boolean;
}

const files = readdirSync(source, { recursive: true, encoding: "utf8" })
  .filter(file => file.endsWith(".ts"))
  .sort();
const importPattern =
  /(?:^|\n)\s*(?:import|export)\b[^;"']*?from\s*["']([^"']+)["']|(?:^|\n)import\s*["']([^"']+)["']|import\(\s*["']([^"']+)["']\s*\)/g;
const imports: readonly Import[] = files.flatMap(file => {
  const text = readFileSync(join(source, file), "utf8");
  return [...text.matchAll(importPattern)].map(match => ({
    from: file,
    to: match[1] ?? match[2] ?? match[3] ?? "",
    isTypeOnly: /^\s*(?:import|export)\s+type\b/.test(match[0]),
  }));
});

const layerOf = (file: string): string => (file.includes("/") ? file.slice(0, file.indexOf("/")) : ".");
const targetOf = ({ from, to }: Import): string => relative(source, join(source, dirname(from), to));
/** Compiled for browsers and bundled into the HTML report. */
const isOfPage = (file: string): boolean => file.startsWith("report/html/client/");
const isLocal = ({ to }: Import): boolean => to.startsWith(".");
const isGenerated = (each: Import): boolean => targetOf(each).startsWith("../dist/");
const shown = ({ from, to }: Import): string => `${from} imports ${to}`;

describe("the way of the data", () => {
  it("has no folder outside the design", () => {
    expect([...new Set(files.map(layerOf))].filter(layer => !layers.includes(layer))).toEqual([]);
  });

  it("goes one way: a folder imports only from those before it", () => {
    const wrong = imports.filter(isLocal).filter(each => {
      if (isGenerated(each)) return false;
      return layers.indexOf(layerOf(targetOf(each))) > layers.indexOf(layerOf(each.from));
    });
    expect(wrong.map(shown)).toEqual([]);
  });

  it("never goes in a circle, not even inside a folder", () => {
    // A type runs nothing, so two files of one folder may name each other's.
    const edges = imports.filter(each => isLocal(each) && !each.isTypeOnly);
    const graph = new Map(files.map(file => [file, edges.filter(each => each.from === file).map(targetOf)]));
    expect(circleIn(graph)).toBeUndefined();
  });

  it("imports only files that are there, and names them with .ts", () => {
    const wrong = imports
      .filter(isLocal)
      .filter(each => !isGenerated(each) && !files.includes(targetOf(each)));
    expect(wrong.map(shown)).toEqual([]);
  });
});

describe("who may do what", () => {
  const allowedOnlyIn = (module: (name: string) => boolean, folders: readonly string[]): readonly string[] =>
    imports.filter(each => module(each.to) && !folders.includes(layerOf(each.from))).map(shown);

  it("lets only host and live touch the machine, and rules read its own data", () => {
    expect(allowedOnlyIn(name => machine.test(name), ["host", "live", "rules"])).toEqual([]);
    expect(allowedOnlyIn(name => name === "node:child_process", ["host", "live"])).toEqual([]);
  });

  it("lets only cli know yargs", () => {
    expect(allowedOnlyIn(name => name === "yargs" || name.startsWith("yargs/"), ["cli"])).toEqual([]);
  });

  it("lets only rules know ajv and the validators made from the schemas, only report the script of its page", () => {
    const isPage = (name: string): boolean => name.endsWith("dist/report-page.js");
    expect(
      allowedOnlyIn(
        name => name === "ajv" || name.startsWith("ajv/") || (name.includes("dist/") && !isPage(name)),
        ["rules"],
      ),
    ).toEqual([]);
    expect(allowedOnlyIn(isPage, ["report"])).toEqual([]);
  });

  it("keeps the page's script apart: it knows the shape of its data and nothing else of the program", () => {
    const wrong = imports
      .filter(each => isOfPage(each.from) && isLocal(each))
      .filter(each => !isOfPage(targetOf(each)) && targetOf(each) !== "report/html/page-data.ts");
    const inward = imports.filter(each => !isOfPage(each.from) && isLocal(each) && isOfPage(targetOf(each)));
    expect([...wrong, ...inward].map(shown)).toEqual([]);
  });

  it("lets only cli print or exit", () => {
    const printing = /\bconsole\.\w+\(|\bprocess\.(stdout|stderr|exit|exitCode)\b/;
    const wrong = files.filter(file => layerOf(file) !== "cli" && printing.test(withoutComments(file)));
    expect(wrong).toEqual([]);
  });

  it("uses no package that is not a dependency", () => {
    const manifest: Record<"dependencies" | "devDependencies", Record<string, string>> = JSON.parse(
      readFileSync(join(source, "..", "package.json"), "utf8"),
    );
    const packageOf = (name: string): string =>
      name
        .split("/")
        .slice(0, name.startsWith("@") ? 2 : 1)
        .join("/");
    const unknown = imports.filter(
      each =>
        !isLocal(each) &&
        !each.to.startsWith("node:") &&
        !(packageOf(each.to) in manifest.dependencies) &&
        // The build bundles the page's script, so what it needs is needed by nobody who installs the program.
        !(isOfPage(each.from) && packageOf(each.to) in manifest.devDependencies),
    );
    expect(unknown.map(shown)).toEqual([]);
  });
});

describe("the shape of a file", () => {
  it("has kebab-case names everywhere", () => {
    expect(files.filter(file => !/^(?:[a-z0-9-]+\/)*[a-z0-9-]+\.ts$/.test(file))).toEqual([]);
  });

  it("has no default exports, no enums and no more than 300 lines", () => {
    const wrong = files.flatMap(file => {
      const text = withoutComments(file);
      const lines = readFileSync(join(source, file), "utf8").split("\n").length - 1;
      return [
        ...(/^export default\b/m.test(text) ? [`${file}: default export`] : []),
        ...(/^\s*(?:export\s+)?(?:const\s+)?enum\s/m.test(text) ? [`${file}: enum`] : []),
        ...(lines > 300 ? [`${file}: ${lines} lines`] : []),
      ];
    });
    expect(wrong).toEqual([]);
  });
});

function withoutComments(file: string): string {
  return readFileSync(join(source, file), "utf8").replaceAll(/^\s*(?:\/\/|\*|\/\*).*$/gm, "");
}

/** The files of one circle of imports, or nothing. */
function circleIn(graph: ReadonlyMap<string, readonly string[]>): readonly string[] | undefined {
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): readonly string[] | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return undefined;
    for (const next of graph.get(file) ?? []) {
      const circle = visit(next, [...path, file]);
      if (circle !== undefined) return circle;
    }
    done.add(file);
    return undefined;
  };
  for (const file of graph.keys()) {
    const circle = visit(file, []);
    if (circle !== undefined) return circle;
  }
  return undefined;
}
