// SARIF 2.1.0 (OASIS): for GitHub code scanning and everything else that collects findings of static analysis.
// Held to the limits that code scanning documents: 25,000 results and 20 tags a rule; what is cut is said in the file.
import {
  baseSubject,
  compareText,
  type JudgedFinding,
  type Severity,
  type WaiverNote,
} from "../../gate/finding.ts";
import { loadReportDefaults } from "../../rules/gate-rules.ts";
import { visible } from "../escape-terminal.ts";
import { ruleMarkdown } from "../rule-markdown.ts";
import type { RuleText } from "../rule-texts.ts";
import { fingerprint } from "./fingerprint.ts";
import { type ReportFile, type ReportFix, type ReportSource, sentenceOf } from "./format.ts";
import { jsonText } from "./json-text.ts";
import { placeOfFinding } from "./place.ts";
import { wellFormed } from "./well-formed.ts";
import { worstFirst } from "./worst-first.ts";

const MOST_RESULTS = 25_000;
const MOST_TAGS = 20;
const UNNAMED = "without a name";

const BASES = { source: "%SRCROOT%", root: "UNITROOT" } as const;
const STATES = {
  new: "new",
  worse: "updated",
  baseline: "unchanged",
  waived: "unchanged",
  notice: "new",
} as const;
const LEVELS: Readonly<Record<Severity, string>> = { error: "error", warning: "warning", note: "note" };

/** One document, one run. The same verdict gives the same bytes. */
export function sarif(source: ReportSource): string {
  const { head, result, rules } = source;
  const ordered = worstFirst(result, rules);
  const shown = ordered.slice(0, MOST_RESULTS);
  // By what is written, so that two that differ in what no reader takes are one.
  const texts = new Map(shown.map(each => [visible(each.rule), rules(each.rule)]));
  const written = [...texts].sort(([a], [b]) => compareText(a, b));
  const indices = new Map(written.map(([id], index) => [id, index]));
  const fixes = fixesByFinding(shown, source);
  const [name = "tightunit", version = ""] = head.tool.split(" ");
  const left = ordered.length - shown.length;
  return `${jsonText(
    {
      $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
      version: "2.1.0",
      runs: [
        {
          tool: {
            driver: {
              name,
              version,
              semanticVersion: version,
              informationUri:
                source.docsUrl === undefined ? loadReportDefaults().home : docsHome(source.docsUrl),
              rules: written.map(([id, rule]) => ruleOf(id, rule)),
            },
          },
          automationDetails: { id: `${name}/${head.scope}/` },
          columnKind: "unicodeCodePoints",
          originalUriBaseIds: {
            [BASES.source]: { description: { text: "The top of the source tree." } },
            [BASES.root]: { description: { text: "The root of the system that units were read from." } },
          },
          invocations: [
            {
              executionSuccessful: true,
              ...(left > 0
                ? {
                    toolExecutionNotifications: [{ level: "warning", message: { text: `and ${left} more` } }],
                  }
                : {}),
            },
          ],
          results: shown.map(finding => resultOf(finding, indices, fixes.get(finding), source)),
          properties: {
            verdict: result.verdict,
            systemd: head.systemd,
            profile: head.profile,
            arch: head.arch,
            scope: head.scope,
          },
        },
      ],
    },
    1,
  )}\n`;
}

function ruleOf(id: string, rule: RuleText): object {
  const { title, explanation, help, severity, impact, tags, links } = rule;
  const [page] = links;
  const parts = [explanation, ...(help === undefined ? [] : [`What helps: ${help}`])];
  return {
    id,
    name: nameOf(id, title),
    // Code scanning takes no empty texts, and a rule or a unit may be called anything.
    shortDescription: { text: shownText(title) },
    fullDescription: { text: explanation },
    help: {
      text: [...parts, `tightunit explain ${id} says what there is to know.`].join("\n\n"),
      markdown: ruleMarkdown(rule),
    },
    ...(page === undefined ? {} : { helpUri: page }),
    defaultConfiguration: { level: LEVELS[severity] },
    properties: {
      tags: tags.slice(0, MOST_TAGS),
      precision: "very-high",
      "security-severity": impact.toFixed(1),
    },
  };
}

/** The folder that the pages of rules lie in. */
function docsHome(docsUrl: string): string {
  return docsUrl.slice(0, docsUrl.lastIndexOf("/", docsUrl.indexOf("{rule}")) + 1);
}

/** The title in one word, as the standard wants names: another text than the id, without spaces. */
function nameOf(id: string, title: string): string {
  const pascal = (text: string): string =>
    text.replaceAll(/(?:^|[^A-Za-z0-9]+)([A-Za-z0-9]|$)/g, (_, first: string) => first.toUpperCase());
  const name = pascal(title);
  return name === "" || name.toLowerCase() === id.toLowerCase() ? `${pascal(id)}Rule` : name;
}

function resultOf(
  finding: JudgedFinding,
  indices: ReadonlyMap<string, number>,
  fix: ReportFix | undefined,
  source: ReportSource,
): object {
  const { unit, rule, subject, severity, status, waiver, measure, accepted } = finding;
  const { line, column, ...file } = placeOfFinding(finding, source);
  const print = fingerprint(finding);
  const name = visible(unit);
  return {
    ruleId: visible(rule),
    ruleIndex: indices.get(visible(rule)) ?? -1,
    kind: "fail",
    level: status === "notice" ? "note" : LEVELS[severity],
    message: { text: messageText(finding, source) },
    locations: [
      {
        physicalLocation: {
          artifactLocation: artifact(file),
          region: { startLine: line, startColumn: column },
        },
        logicalLocations: [{ name, fullyQualifiedName: name, kind: "resource" }],
      },
    ],
    partialFingerprints: { "tightunit/v1": print, primaryLocationLineHash: `${print}:1` },
    baselineState: STATES[status],
    // An empty list says that nobody accepted it; without the list nothing would be said.
    suppressions: waiver === undefined ? [] : [suppressionOf(waiver, source)],
    ...(fix === undefined ? {} : { fixes: [fixOf(fix, source)] }),
    properties: {
      unit: name,
      ...(subject === "" ? {} : { subject: visible(baseSubject(subject)) }),
      status,
      isFailing: finding.isFailing,
      ...(waiver === undefined ? {} : { until: waiver.until }),
      ...(measure === undefined ? {} : { measure }),
      ...(accepted === undefined ? {} : { accepted }),
    },
  };
}

/** `[text](target)` in a message is a link to a viewer, so that what a unit says is kept from looking like one. */
function messageText(finding: JudgedFinding, source: ReportSource): string {
  const { unit, position, message } = finding;
  const isNamed = position?.file.endsWith(unit) || message.args.unit === unit;
  const text = `${isNamed ? "" : `${visible(unit)}: `}${sentenceOf(finding, source)}`;
  return shownText(text.replaceAll("](", "] ("));
}

function shownText(text: string): string {
  return visible(text).trim() === "" ? UNNAMED : text;
}

/** A comment in a unit is in the source; a waiver in a file of its own is beside it. */
function suppressionOf({ reason, until, position, kind }: WaiverNote, { fileOf }: ReportSource): object {
  return {
    kind: kind === "comment" ? "inSource" : "external",
    status: "accepted",
    justification: `${visible(reason)} (until ${until})`,
    ...(position === undefined
      ? {}
      : {
          location: {
            physicalLocation: {
              artifactLocation: artifact(fileOf(position.file)),
              region: { startLine: position.line },
            },
          },
        }),
  };
}

/** Each unit's drop-in goes with the worst of its findings that a lower score mends. */
function fixesByFinding(
  findings: readonly JudgedFinding[],
  { fixes, rules }: ReportSource,
): ReadonlyMap<JudgedFinding, ReportFix> {
  const left = new Map(fixes.map(fix => [fix.unit, fix]));
  const found = new Map<JudgedFinding, ReportFix>();
  if (left.size === 0) return found;
  for (const finding of findings) {
    const fix = finding.isFailing ? left.get(finding.unit) : undefined;
    if (fix === undefined || !rules(finding.rule).isAboutScore) continue;
    found.set(finding, fix);
    left.delete(finding.unit);
  }
  return found;
}

function fixOf({ file, before = "", after }: ReportFix, { fileOf }: ReportSource): object {
  const lines = before.split("\n");
  const last = lines.at(-1) ?? "";
  return {
    description: {
      text: "Put this drop-in in place: it gives up nothing that the service is known to need.",
    },
    artifactChanges: [
      {
        artifactLocation: artifact(fileOf(file)),
        replacements: [
          {
            deletedRegion: {
              startLine: 1,
              startColumn: 1,
              endLine: lines.length,
              endColumn: [...last].length + 1,
            },
            insertedContent: { text: after },
          },
        ],
      },
    ],
  };
}

function artifact(file: ReportFile): object {
  return { uri: uriOf(file), uriBaseId: BASES[file.base] };
}

/** A relative reference (RFC 3986): of each part, what is no plain character is percent-encoded. */
function uriOf({ path }: ReportFile): string {
  const parts = path.split("/").filter(part => part !== "" && part !== ".");
  const encoded = parts.map(part => encodeURIComponent(wellFormed(part)).replaceAll("%40", "@"));
  return encoded.join("/") || "unknown";
}
