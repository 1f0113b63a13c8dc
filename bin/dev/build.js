// Builds dist/: the validators of rules/schema, the script and style of the HTML report, the command line, the library,
// its types.
// `--quick` builds only what the tests import: the validators and the command line.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import standalone from "ajv/dist/standalone/index.js";
import { build } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const quick = process.argv.includes("--quick");

/** The schemas that the program itself asks; those of rule data are for the tests, which compile them themselves. */
const ASKED = ["audit", "config", "pack"];

/** A module with the function `validate` for each: `pack.schema.json` → `dist/validators/pack.js`. */
async function buildValidators() {
  const folder = join(root, "rules", "schema");
  const ajv = new Ajv2020({
    allErrors: true,
    verbose: true,
    strict: true,
    allowUnionTypes: true,
    code: { source: true, esm: true },
  });
  for (const file of readdirSync(folder)
    .filter(f => f.endsWith(".schema.json"))
    .sort()) {
    const schema = JSON.parse(readFileSync(join(folder, file), "utf8"));
    schema.$id ??= file;
    ajv.addSchema(schema);
  }
  const validators = join(root, "dist", "validators");
  mkdirSync(validators, { recursive: true });
  for (const name of ASKED) {
    // Ajv's standalone code still requires its own runtime helpers; bundling them here keeps ajv out of start-up.
    for (const [format, ending] of [
      ["esm", "js"],
      ["cjs", "cjs"],
    ]) {
      await build({
        stdin: { contents: standalone(ajv, { validate: `${name}.schema.json` }), resolveDir: root },
        outfile: join(validators, `${name}.${ending}`),
        bundle: true,
        format,
        platform: "node",
        minify: true,
        logLevel: "warning",
      });
    }
    const types =
      'import type { ValidateFunction } from "ajv";\nexport declare const validate: ValidateFunction;\n';
    writeFileSync(join(validators, `${name}.d.ts`), types);
  }
}

/**
 * What yargs measures and wraps its help with, and checks its callers by. Ours is plain text, and the emoji tables of the
 * real ones cost 100 ms a start; Node compiles its
 * assert anew in every process.
 */
const plainText = Object.fromEntries(
  ["assert", "string-width", "strip-ansi", "wrap-ansi"].map(name => [
    name,
    join(root, "bin", "dev", "plain-text", `${name}.js`),
  ]),
);

/** The validators are as large as all the rest, and few commands ask one: a file for each, read when it is called. */
const validatorsApart = {
  name: "validators-apart",
  setup: builder => {
    builder.onResolve({ filter: /dist\/validators\/\w+\.js$/ }, ({ path }) => ({
      path: `./validators/${basename(path, ".js")}.cjs`,
      external: true,
    }));
  },
};

/** The protocol's libraries are for one command alone, and everything else is read at every start. */
const languageServerApart = {
  name: "language-server-apart",
  setup: builder => {
    builder.onResolve({ filter: /^vscode-languageserver(-types|-textdocument|\/node)?$/ }, () => ({
      path: "./language-server.cjs",
      external: true,
    }));
  },
};

/** The HTML report's script and style as two strings, with the licences of what is bundled into the script. */
async function buildReportPage() {
  const client = join(root, "src", "report", "html", "client");
  const browser = {
    bundle: true,
    minify: true,
    write: false,
    target: "es2023",
    logLevel: "warning",
    charset: "utf8",
  };
  const script = await build({
    ...browser,
    entryPoints: [join(client, "main.ts")],
    format: "iife",
    legalComments: "none",
    metafile: true,
  });
  const style = await build({ ...browser, entryPoints: [join(client, "report.css")] });
  const packages = new Set();
  for (const { inputs } of Object.values(script.metafile.outputs)) {
    for (const [file, { bytesInOutput }] of Object.entries(inputs)) {
      const name = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1];
      if (name !== undefined && bytesInOutput > 0) packages.add(name);
    }
  }
  const byLicence = new Map();
  for (const name of [...packages].sort()) {
    const licence = readFileSync(join(root, "node_modules", name, "LICENSE"), "utf8").trim();
    byLicence.set(licence, [...(byLicence.get(licence) ?? []), name]);
  }
  const notices = [...byLicence].map(([licence, names]) => `${names.join(", ")}:\n${licence}`).join("\n\n");
  const head = `/*! This script contains parts of these packages.\n\n${notices.replaceAll("*/", "* /")}\n*/\n`;
  const texts = { script: head + script.outputFiles[0].text, style: style.outputFiles[0].text };
  const lines = Object.entries(texts).map(
    ([name, text]) => `export const ${name} = ${JSON.stringify(text)};\n`,
  );
  writeFileSync(join(root, "dist", "report-page.js"), lines.join(""));
  writeFileSync(
    join(root, "dist", "report-page.d.ts"),
    "export declare const script: string;\nexport declare const style: string;\n",
  );
}

await buildValidators();
await buildReportPage();
const shared = {
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  logLevel: "warning",
  legalComments: "eof",
};
await buildLanguageServer();
await buildCommandLine();
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
  execFileSync(process.execPath, [join(root, "bin/dev/manual.js")], { cwd: root, stdio: "inherit" });
}

/** The libraries of the language server, in a file that `lsp` reads when it starts. */
async function buildLanguageServer() {
  await build({
    ...shared,
    format: "cjs",
    charset: "ascii",
    stdin: {
      contents:
        'export * from "vscode-languageserver/node"; export { TextDocument } from "vscode-languageserver-textdocument";',
      resolveDir: root,
    },
    minify: true,
    outfile: join(root, "dist", "language-server.cjs"),
  });
}

/** The command line as one script, which V8 need not parse where it has its compiled code; see bin/load.js. */
async function buildCommandLine() {
  const { outputFiles } = await build({
    ...shared,
    format: "cjs",
    charset: "ascii",
    alias: plainText,
    define: { "import.meta.url": "__url" },
    entryPoints: [join(root, "src/cli/main.ts")],
    plugins: [validatorsApart, languageServerApart],
    minify: true,
    write: false,
  });
  const text = outputFiles[0].text;
  const name = createHash("sha256").update(text).digest("hex").slice(0, 16);
  for (const old of ["cli.js", "parts", "compiled"])
    rmSync(join(root, "dist", old), { recursive: true, force: true });
  const bundle = join(root, "dist", "cli.cjs");
  // Whole or not at all, should a start come while it is written.
  writeFileSync(`${bundle}.${process.pid}`, `// ${name}\n${text}`);
  renameSync(`${bundle}.${process.pid}`, bundle);
  const example = join(root, "fixtures", "cli", "root");
  for (const command of [
    ["audit", "--format=ndjson"],
    ["fix", "--all"],
    ["gate", "--max-exposure=5"],
  ]) {
    const args = [join(root, "bin", "dev", "compile.js"), ...command, `--root=${example}`];
    execFileSync(process.execPath, args, { cwd: example, stdio: ["ignore", "ignore", "pipe"] });
  }
}
