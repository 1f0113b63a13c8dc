/** The command line as it is in the working tree, inside a boot, with the program that runs it. */
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { build } from "esbuild";
import type { BootedRoot } from "./boot.ts";
import { repositoryRoot } from "./paths.ts";

/** Where it lies inside: `tightunit` on the PATH starts it. */
const folder = "opt/tightunit";

/**
 * Installs the command inside. It is bundled anew, whatever `dist/` holds; the root's own libraries run node, which every suite's do.
 * @returns the path of the command inside
 */
export const installTool = async (root: BootedRoot): Promise<string> => {
  const here = repositoryRoot();
  const target = join(root.rootPath, folder);
  mkdirSync(join(target, "bin"), { recursive: true });
  cpSync(process.execPath, join(target, "bin", "node"));
  cpSync(join(here, "rules"), join(target, "rules"), { recursive: true });
  cpSync(join(here, "package.json"), join(target, "package.json"));
  await build({
    stdin: {
      contents: `import { main } from "./src/cli/main.ts"; process.exitCode = await main(process.argv.slice(2));`,
      resolveDir: here,
    },
    outfile: join(target, "dist", "cli.js"),
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20.19",
    logLevel: "warning",
    banner: {
      js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
    },
  });
  const command = "usr/local/bin/tightunit";
  writeFileSync(
    join(root.rootPath, command),
    `#!/bin/sh\nexec /${folder}/bin/node /${folder}/dist/cli.js "$@"\n`,
    { mode: 0o755 },
  );
  return `/${command}`;
};

/** Copies a program of this machine with its libraries into a folder of their own, so that it runs on the root's older or newer ones. */
export const bringProgram = (root: BootedRoot, program: string): void => {
  const inside = `/opt/${basename(program)}`;
  const target = join(root.rootPath, inside);
  mkdirSync(target, { recursive: true });
  cpSync(program, join(target, basename(program)), { dereference: true });
  const listed = execFileSync("ldd", [program], { encoding: "utf8" });
  const libraries = [...listed.matchAll(/(?:=> |^\s+)(\/\S+) \(0x/gm)].flatMap(([, path]) => path ?? []);
  for (const library of libraries) cpSync(library, join(target, basename(library)), { dereference: true });
  const loader = libraries.map(path => basename(path)).find(name => /^ld-/.test(name));
  if (loader === undefined) throw new Error(`${program} names no loader`);
  writeFileSync(
    join(root.rootPath, "usr/local/bin", basename(program)),
    `#!/bin/sh\nexec ${inside}/${loader} --library-path ${inside} ${inside}/${basename(program)} "$@"\n`,
    { mode: 0o755 },
  );
};

/** The strace of this machine, or nothing. */
export const findStrace = (): string | undefined =>
  ["/usr/bin/strace", "/bin/strace", "/usr/local/bin/strace"].find(path => existsSync(path));
