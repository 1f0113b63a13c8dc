#!/usr/bin/env node
// Runs the live harness, which is TypeScript, from a shell: bundles it into dist/ and calls it with the arguments.
import { mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const outfile = join(root, "dist", `live-${process.pid}.mjs`);
mkdirSync(dirname(outfile), { recursive: true });
await build({
  entryPoints: [join(root, "test/live/shell.ts")],
  outfile,
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  external: ["esbuild"],
  logLevel: "warning",
});
const { shell } = await import(pathToFileURL(outfile).href);
rmSync(outfile);
try {
  process.exitCode = await shell(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 2;
}
