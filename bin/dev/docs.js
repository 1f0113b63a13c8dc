// Writes docs/directives/: one page per file of rules/directives and an index. The files are the source, the pages are not kept in git.
// Usage: node bin/dev/docs.js [--out FOLDER]
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const at = process.argv.indexOf("--out");
const out = at > 0 ? process.argv[at + 1] : join(root, "docs", "directives");
if (out === undefined) throw new Error("--out needs a folder");

const readJson = file => JSON.parse(readFileSync(join(root, "rules", file), "utf8"));
const needs = new Map(readJson("needs/needs.json").kinds.map(kind => [kind.kind, kind]));
const directives = readdirSync(join(root, "rules", "directives"))
  .filter(name => name.endsWith(".json"))
  .sort()
  .map(name => readJson(`directives/${name}`));

const RISKS = [
  "cannot plausibly hurt",
  "hurts only programs of a known kind",
  "hurts some ordinary programs",
  "hurts many programs",
  "hurts most programs",
];
const REQUIREMENTS = {
  "mount-namespace": "mount namespaces",
  "user-namespace": "user namespaces",
  "network-namespace": "network namespaces",
  "pid-namespace": "PID namespaces",
  "ipc-namespace": "IPC namespaces",
  "uts-namespace": "UTS namespaces",
  "cgroup-namespace": "control group namespaces",
  seccomp: "seccomp filters",
  "bpf-cgroup": "BPF programs on control groups",
  "bpf-lsm": "the BPF security module",
  "bpf-framework": "a systemd built with its BPF framework",
  "control-groups-v2": "the unified control group hierarchy",
  mac: "a security module with a policy",
};
const SORTS = {
  root: "where the service is root",
  "not-root": "where the service is not root",
  "user-manager": "in a user manager",
};

/** A cell of a table: one line, no bars that would end it. */
const cell = text => text.replaceAll("|", "\\|").replaceAll("\n", " ");
const code = text => `\`${text}\``;
const link = name =>
  directives.some(entry => entry.directive === name) ? `[${name}=](${name}.md)` : code(`${name}=`);

/** When a denial or an implication holds, in brackets; nothing where it always does. */
function conditions({ when, since, until, except }) {
  const parts = [
    ...(except === undefined ? [] : [`except ${except.map(code).join(", ")}`]),
    ...(SORTS[when] === undefined ? [] : [SORTS[when]]),
    ...(since === undefined ? [] : [`since ${since}`]),
    ...(until === undefined ? [] : [`up to ${until}`]),
  ];
  return parts.length > 0 ? ` (${parts.join("; ")})` : "";
}

const denials = value => value.denies.map(denial => (typeof denial === "string" ? { need: denial } : denial));

/** An assignment, a namespace, or a need that the value keeps possible. */
const effect = text =>
  text.startsWith("provides:") ? `${code(text.slice("provides:".length))} stays possible` : code(text);

function valueRow(directive, value) {
  const denied = denials(value).map(denial => code(denial.need) + conditions(denial));
  const implied = (value.implies ?? []).map(
    implication => effect(implication.effect) + conditions(implication),
  );
  const never = value.scopes?.length === 0 ? "; never proposed" : "";
  return `| ${[
    code(value.value),
    String(value.since ?? directive.since),
    denied.join(", ") || "nothing",
    implied.join(", ") || "–",
    value.exception === undefined ? "–" : link(value.exception),
    `${value.risk}: ${RISKS[value.risk]}${never}`,
  ]
    .map(cell)
    .join(" | ")} |`;
}

function vocabulary(directive) {
  const kinds = new Set(directive.values.flatMap(denials).map(denial => denial.need.split(":")[0]));
  return [...kinds].sort().map(kind => `- ${code(kind)}: the service ${needs.get(kind).title}`);
}

function companionLink(companion) {
  const [name, value] = companion.split("=");
  return value === undefined ? link(name) : code(companion);
}

/** The page of one directive; every part of the file has its place on it. */
function page(directive) {
  const notes = directive.values.filter(value => value.note !== undefined);
  const words = vocabulary(directive);
  const facts = [
    `- First version of systemd: ${directive.since}`,
    `- Where it has an effect: ${directive.scopes.map(scope => `${scope} services`).join(", ")}`,
    ...(directive.requires
      ? [
          `- Needs of kernel and build: ${directive.requires.map(name => REQUIREMENTS[name] ?? name).join(", ")}; ignored without`,
        ]
      : []),
    ...(directive.checks ? [`- Checks that it mends: ${directive.checks.map(code).join(", ")}`] : []),
    ...(directive.companions
      ? [`- Belongs with: ${directive.companions.map(companionLink).join(", ")}`]
      : []),
    ...(directive.propose === false ? ["- Explained here; never proposed by itself"] : []),
    `- Manual: ${directive.man}`,
    ...(directive.links ?? []).map(text => `- ${text}`),
  ];
  return [
    `# ${directive.directive}=`,
    `${directive.title}.`,
    directive.explanation,
    "## Without it",
    `An attacker inside the service could do this: ${directive.attack}`,
    "## Values, from weakest to strictest",
    [
      "| Value | Since | Denies | Brings along | Exceptions by | Risk |",
      "|---|---|---|---|---|---|",
      ...directive.values.map(value => valueRow(directive, value)),
    ].join("\n"),
    ...(notes.length > 0 ? [notes.map(value => `- ${code(value.value)}: ${value.note}`).join("\n")] : []),
    ...(words.length > 0 ? [["What the denials mean:", "", ...words].join("\n")] : []),
    "## What it breaks",
    directive.breaks.length > 0
      ? directive.breaks.map(({ what, why }) => `- **${what}.** ${why}`).join("\n")
      : "Nothing that is known.",
    "## How a breakage looks",
    directive.symptom,
    ...(directive.errnos ? [`Denied calls return or raise: ${directive.errnos.map(code).join(", ")}.`] : []),
    ...(directive.mend ? [`To mend it: ${directive.mend}`] : []),
    "## Facts",
    facts.join("\n"),
  ]
    .join("\n\n")
    .concat("\n");
}

function index() {
  const rows = directives.map(
    directive =>
      `| ${link(directive.directive)} | ${cell(directive.title)} | ${directive.since} | ${Math.max(...directive.values.map(value => value.risk))} | ${directive.propose === false ? "no" : "yes"} |`,
  );
  return [
    "# Directives",
    "What each directive takes away from a service, what it breaks and how that looks. Made from `rules/directives/` by `npm run docs`.",
    ["| Directive | What it does | Since | Highest risk | Proposed |", "|---|---|---|---|---|", ...rows].join(
      "\n",
    ),
    ["Risks:", "", ...RISKS.map((text, risk) => `- ${risk}: ${text}`)].join("\n"),
  ]
    .join("\n\n")
    .concat("\n");
}

mkdirSync(out, { recursive: true });
// A page whose directive is gone must go too.
for (const name of readdirSync(out)) if (name.endsWith(".md")) rmSync(join(out, name));
for (const directive of directives) writeFileSync(join(out, `${directive.directive}.md`), page(directive));
writeFileSync(join(out, "README.md"), index());
