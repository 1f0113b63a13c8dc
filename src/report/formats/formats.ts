// Every format that a verdict can be written in, by name. Another one is a file beside this and a line here.
import { gateJson } from "../gate-json.ts";
import { gateMarkdown } from "../gate-markdown.ts";
import { gateResultText } from "../gate-result-text.ts";
import { plain } from "../paint.ts";
import { reportData } from "../report-data.ts";
import { checkstyle } from "./checkstyle.ts";
import { csv } from "./csv.ts";
import { cyclonedx } from "./cyclonedx.ts";
import type { Format } from "./format.ts";
import { github, githubSummary } from "./github.ts";
import { gitlab } from "./gitlab.ts";
import { junit } from "./junit.ts";
import { ndjson } from "./ndjson.ts";
import { sarif } from "./sarif.ts";
import { tap } from "./tap.ts";

export const formats: readonly Format[] = [
  {
    name: "text",
    title: "a person at a terminal",
    render: ({ result, speak }) => gateResultText(result, { paint: plain, speak }),
  },
  {
    name: "json",
    title: "everything, as rules/schema/gate.schema.json has it",
    render: ({ result, head, speak }) => gateJson(result, head, speak),
  },
  { name: "ndjson", title: "the same, a line for each unit and finding", render: ndjson },
  {
    name: "markdown",
    title: "pull requests and tickets",
    render: ({ result, speak, comparison, rules }) => gateMarkdown(result, speak, { comparison, rules }),
  },
  { name: "sarif", title: "code scanning", needs: "fixes", render: sarif },
  { name: "junit", title: "test results of Jenkins, GitLab and others", render: junit },
  {
    name: "github",
    title: "annotations and step summary of GitHub Actions",
    render: github,
    beside: { variable: "GITHUB_STEP_SUMMARY", render: githubSummary },
  },
  { name: "gitlab", title: "Code Quality of GitLab", render: gitlab },
  { name: "checkstyle", title: "warnings of Jenkins, reviewdog", render: checkstyle },
  { name: "tap", title: "TAP 14", render: tap },
  { name: "csv", title: "spreadsheets", render: csv },
  {
    name: "html",
    title: "people: one page that needs nothing else",
    needs: "units",
    render: async ({ head, texts, speak, units, date, result, comparison }) => {
      // Its script and style are large, and nothing else needs them.
      const { htmlReport } = await import("../html/html-report.ts");
      return htmlReport(reportData({ head, texts, speak, units, date, gate: result, comparison }));
    },
  },
  { name: "cyclonedx", title: "auditors: CycloneDX attestations", render: cyclonedx },
];

export function formatNamed(name: string): Format | undefined {
  return formats.find(each => each.name === name);
}
