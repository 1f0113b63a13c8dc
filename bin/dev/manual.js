// Writes the manual page, tightunit(1), from the commands and options that the command line itself is made of.
// Usage: node bin/dev/manual.js [--out FILE]; by default dist/tightunit.1, which package.json names.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const at = process.argv.indexOf("--out");
const out = at > 0 ? process.argv[at + 1] : join(root, "dist", "tightunit.1");
if (out === undefined) throw new Error("--out needs a file");
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** What stands for the value of an option where its name does not say it. */
const ARGUMENTS = {
  root: "folder",
  config: "file",
  systemd: "version",
  arch: "architecture",
  pack: "pack",
  "security-policy": "file",
  "max-exposure": "score",
  target: "score",
  only: "directives",
  except: "directives",
  trace: "file",
  baseline: "file",
  waivers: "file",
  summary: "file",
  against: "revision",
  fix: "folder",
  report: "format=file",
  date: "day",
  host: "name",
  group: "pattern",
  output: "file",
  for: "time",
  probe: "command",
  "probe-for": "time",
  "probe-timeout": "time",
  "max-restarts": "number",
  journal: "file",
  audit: "file",
};

const { commandBuilders, globalOptions, parseCommandLine } = await definitions();
const shared = record(globalOptions);
const summaries = summariesIn((await parseCommandLine(["--help"], { version, columns: 100, env: {} })).text);
const commands = [...commandBuilders].map(([name, { build: options }]) => ({
  name,
  summary: summaries.get(name) ?? "",
  ...record(options),
}));

mkdirSync(dirname(out), { recursive: true });
writeFileSync(out, `${page().join("\n")}\n`);

/** The command line's own modules, as one that can be imported here. */
async function definitions() {
  const outfile = join(root, "dist", `manual-${process.pid}.mjs`);
  const contents = ["command-builders", "command-line", "command-options"]
    .map(name => `export * from "./src/cli/${name}.ts";`)
    .join("\n");
  await build({
    stdin: { contents, resolveDir: root },
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    packages: "external",
    logLevel: "error",
  });
  try {
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(outfile);
  }
}

/** What a builder says to yargs, which tells nobody: something that takes every call and remembers three kinds of them. */
function record(builder) {
  const options = [];
  const examples = [];
  let operand = "";
  const listener = new Proxy(
    {},
    {
      get: (_, method) => (first, second) => {
        if (method === "option" && second.hidden !== true) options.push({ name: first, ...second });
        if (method === "positional") operand = second.describe ?? "";
        if (method === "example") examples.push({ line: first.replaceAll("$0", "tightunit"), what: second });
        return listener;
      },
    },
  );
  builder(listener);
  return { options, examples, operand };
}

/** The help's list of commands; a summary goes on in lines that begin further right. */
function summariesIn(help) {
  const found = new Map();
  let last;
  for (const line of help.split("\n")) {
    const command = /^ {2}tightunit ([a-z-]+)(?: \[[a-z.]+\])? {2,}(.*)$/.exec(line);
    const rest = /^ {20,}(\S.*)$/.exec(line);
    if (command !== null) {
      last = command[1];
      found.set(last, command[2].trim());
    } else if (rest !== null && last !== undefined) found.set(last, `${found.get(last)} ${rest[1].trim()}`);
    else last = undefined;
  }
  return found;
}

function page() {
  return [
    `.\\" Written by bin/dev/manual.js`,
    `.Dd ${date()}`,
    ".Dt TIGHTUNIT 1",
    ".Os",
    ".Sh NAME",
    ".Nm tightunit",
    ".Nd score, tighten and gate systemd units",
    ".Sh SYNOPSIS",
    ".Nm",
    ".Ar command",
    ".Op Ar option ...",
    ".Op Ar unit | path ...",
    ".Sh DESCRIPTION",
    ".Nm",
    ...text(
      "scores systemd services as systemd-analyze security does, proposes drop-ins that tighten them as far as the evidence allows, and fails a build when a unit is more exposed than it may be. It reads this machine, a root folder or image, unit files of a source tree, standard input, and Debian packages. Nothing that it audits is executed.",
    ),
    ".Pp",
    ...text("These options are common to all commands:"),
    ...list(shared.options),
    ".Sh COMMANDS",
    ...commands.flatMap(command => [
      `.Ss ${quoted(command.name)}`,
      ...text(`${command.summary}.`),
      ...(command.operand === ""
        ? []
        : [".Pp", "Operands:", ...text(`${lower(defaultOf(command.operand))}.`)]),
      ...(command.options.length === 0 ? [] : list(command.options)),
    ]),
    ".Sh ENVIRONMENT",
    ".Bl -tag -width Ds",
    ...item("Ev NO_COLOR", "Set to anything but nothing, it turns colours off."),
    ...item("Ev COLUMNS", "How wide the output may be where it is no terminal."),
    ...item("Ev SYSTEMD_UNIT_PATH", "Where units are looked for, as systemd reads it."),
    ".El",
    ".Sh FILES",
    ".Bl -tag -width Ds",
    ...item("Pa tightunit.conf", "Configuration, found in the working folder or above it."),
    ...item("Pa tightunit.waivers", "What is accepted, with a reason and until a day."),
    ...item("Pa tightunit.baseline", "Findings that were there when the gate was set up."),
    ...item("Pa NAME.d/50-tightunit.conf", "The drop-in that fix --write and apply put in place."),
    ".El",
    ".Sh EXIT STATUS",
    ".Bl -tag -width Ds",
    ...item("Li 0", "Fine."),
    ...item("Li 1", "Findings over the bar."),
    ...item("Li 2", "A mistake in the usage, the configuration or the input."),
    ...item("Li 3", "Nothing matched."),
    ".El",
    ".Sh EXAMPLES",
    ...commands
      .flatMap(({ examples }) =>
        examples.flatMap(({ line, what }) => [...text(`${upper(what)}:`), `.Dl ${quoted(line)}`, ".Pp"]),
      )
      .slice(0, -1),
    ".Sh SEE ALSO",
    ".Xr systemctl 1 ,",
    ".Xr systemd-analyze 1 ,",
    ".Xr systemd.exec 5 ,",
    ".Xr systemd.unit 5",
  ];
}

function list(options) {
  return [
    ".Bl -tag -width Ds",
    ...options.flatMap(option => {
      const { name, alias, type, choices, describe = "", default: preset } = option;
      const value =
        type === "boolean"
          ? ""
          : choices
            ? ` Ar ${choices.map(quoted).join(" | ")}`
            : ` Ar ${argumentOf(name)}`;
      const short = alias === undefined ? "" : `Fl ${alias} , `;
      const shown =
        preset === undefined || type === "boolean" || preset.length === 0 ? "" : ` The default is ${preset}.`;
      return item(`${short}Fl \\-${name.replaceAll("-", "\\-")}${value}`, `${defaultOf(describe)}.${shown}`);
    }),
    ".El",
  ];
}

/** "Output [default: text]" as sentences. */
function defaultOf(describe) {
  return describe
    .replace(/ \[default: (.*)\]$/, ". The default is $1")
    .replace(/^\[default: (.*)\]$/, "The default is $1");
}

function argumentOf(name) {
  return ARGUMENTS[name] ?? name.replace(/^.*-/, "");
}

function item(label, what) {
  return [`.It ${label}`, ...text(what)];
}

/** Text as lines of it: sentences begin new ones, nothing is long, and roff takes none for a request. */
function text(sentences) {
  return sentences.split(/(?<=\.) (?=[A-Z])/).flatMap(sentence => {
    const lines = [""];
    for (const word of escaped(sentence).split(" ")) {
      const line = lines.at(-1);
      if (line !== "" && line.length + word.length > 74) lines.push(word);
      else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
    }
    return lines.map(line => line.replace(/^[.']/, "\\&$&"));
  });
}

function escaped(line) {
  return line.replaceAll("\\", "\\e").replaceAll("-", "\\-").replaceAll("…", "...");
}

function quoted(word) {
  return `"${escaped(word).replaceAll('"', "\\(dq")}"`;
}

function lower(line) {
  return line.replace(/^[A-Z](?=[a-z])/, letter => letter.toLowerCase());
}

function upper(line) {
  return line.replace(/^[a-z]/, letter => letter.toUpperCase());
}

function date() {
  const { SOURCE_DATE_EPOCH } = process.env;
  const day = SOURCE_DATE_EPOCH === undefined ? new Date() : new Date(Number(SOURCE_DATE_EPOCH) * 1000);
  const month = day.toLocaleString("en-US", { month: "long", timeZone: "UTC" });
  return `${month} ${day.getUTCDate()}, ${day.getUTCFullYear()}`;
}
