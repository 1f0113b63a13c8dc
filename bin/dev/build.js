// Builds dist/: the validators of rules/schema, the command line as one file, the library, its types.
// `--quick` builds only what the tests import: the validators and the command line.
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import standalone from "ajv/dist/standalone/index.js";
import { build } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const quick = process.argv.includes("--quick");

/** One ES module that exports a validator per schema file, named after it: `pack.schema.json` → `pack`. */
async function buildValidators() {
  const folder = join(root, "rules", "schema");
  const ajv = new Ajv2020({
    allErrors: true,
    verbose: true,
    strict: true,
    allowUnionTypes: true,
    code: { source: true, esm: true },
  });
  const names = {};
  for (const file of readdirSync(folder)
    .filter(f => f.endsWith(".schema.json"))
    .sort()) {
    const schema = JSON.parse(readFileSync(join(folder, file), "utf8"));
    schema.$id ??= file;
    ajv.addSchema(schema);
    names[file.slice(0, -".schema.json".length).replaceAll(/-(.)/g, (_, c) => c.toUpperCase())] = schema.$id;
  }
  mkdirSync(join(root, "dist"), { recursive: true });
  const raw = join(root, "dist", "validators.raw.js");
  writeFileSync(raw, standalone(ajv, names));
  // Ajv's standalone code still requires its own runtime helpers; bundling them here keeps ajv out of start-up.
  await build({
    entryPoints: [raw],
    outfile: join(root, "dist", "validators.js"),
    bundle: true,
    format: "esm",
    platform: "node",
    minify: true,
    logLevel: "warning",
  });
  writeFileSync(
    join(root, "dist", "validators.d.ts"),
    `import type { ValidateFunction } from "ajv";\n${Object.keys(names)
      .map(n => `export declare const ${n}: ValidateFunction;\n`)
      .join("")}`,
  );
}

/** CommonJS packages inside an ES module bundle still call `require` for node's own modules. */
const banner = {
  js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
};

/** What yargs measures and wraps its help with; ours is plain text, and the emoji tables of the real ones cost 100 ms a start. */
const plainText = Object.fromEntries(
  ["string-width", "strip-ansi", "wrap-ansi"].map(name => [
    name,
    join(root, "bin", "dev", "plain-text", `${name}.js`),
  ]),
);

await buildValidators();
const shared = {
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  logLevel: "warning",
  legalComments: "eof",
};
// In parts, so that a start reads what its command needs: the validators alone are larger than all the rest.
rmSync(join(root, "dist", "parts"), { recursive: true, force: true });
await build({
  ...shared,
  banner,
  alias: plainText,
  entryPoints: { cli: join(root, "src/cli/main.ts") },
  outdir: join(root, "dist"),
  chunkNames: "parts/[name]-[hash]",
  splitting: true,
  minify: true,
});
if (!quick) {
  await build({
    ...shared,
    entryPoints: [join(root, "src/index.ts")],
    outfile: join(root, "dist/index.js"),
    packages: "external",
  });
  execFileSync(
    process.execPath,
    [join(root, "node_modules/typescript/bin/tsc"), "--declaration", "--emitDeclarationOnly"],
    { cwd: root, stdio: "inherit" },
  );
}
