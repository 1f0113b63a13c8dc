// Verdicts that every format has to cope with: from real units, and from text that was made to break readers.
import fc from "fast-check";
import type { Finding, GateResult, GateUnit, JudgedFinding } from "../../../src/gate/finding.ts";
import { orderFindings } from "../../../src/gate/finding.ts";
import { plainFile, type ReportSource } from "../../../src/report/formats/format.ts";
import { speaker } from "../../../src/report/messages.ts";
import { ruleTexts } from "../../../src/report/rule-texts.ts";
import { loadBuiltInPack } from "../../../src/rules/built-in-packs.ts";
import { loadMessages, messagesOf } from "../../../src/rules/messages.ts";
import { gateOf } from "../../gate/gate-texts.ts";

const packs = [loadBuiltInPack("systemd-security"), loadBuiltInPack("traps")];
const speak = speaker(Object.assign({}, loadMessages(), ...packs.map(messagesOf)));

export function sourceOf(result: GateResult, more: Partial<ReportSource> = {}): ReportSource {
  return {
    head: { tool: "tightunit 0.1.0", systemd: "257", profile: "257", arch: "x86-64", scope: "system" },
    result,
    speak,
    rules: ruleTexts(packs),
    fileOf: plainFile,
    date: "2026-11-23",
    fixes: [],
    units: [],
    texts: new Map(),
    ...more,
  };
}

const oven = "[Unit]\nDescription=Bread\n[Service]\nExecStart=/usr/bin/oven\nPrivatTmp=yes\n";
const tray = "[Service]\nExecStart=/usr/bin/tray\n";
const bar = {
  all: { maxExposure: 50, require: [], forbid: [] },
  units: [{ pattern: "tray*", demands: { maxExposure: 100, require: [], forbid: [] } }],
};

const waivers = `[oven.service exposure]
reason = "the new oven comes in spring, <b>ask</b> ]]> first"
until = 2027-03-31

[oven.service unknown-directive PrivatTmp]
reason = mended with the oven
until = 2027-03-31
`;

const failing = gateOf({ units: { "oven.service": oven, "tray.service": tray }, policy: bar });

/** What the issue of a report may be, from the plain to the odd. */
export const scenes: Readonly<Record<string, ReportSource>> = {
  clean: sourceOf(gateOf({ units: { "tray.service": tray }, policy: bar }).result),
  failing: sourceOf(failing.result, {
    fixes: [
      {
        unit: "oven.service",
        file: "/etc/systemd/system/oven.service.d/50-tightunit.conf",
        before: "[Service]\n# ours\n",
        after: "[Service]\n# ours\nPrivateTmp=yes\n",
      },
    ],
  }),
  waived: sourceOf(gateOf({ units: { "oven.service": oven }, policy: bar, waivers }).result),
  baseline: sourceOf(
    gateOf({ units: { "oven.service": oven }, policy: bar, baseline: failing.fresh }).result,
  ),
  stale: sourceOf(
    gateOf({ units: { "tray.service": tray }, policy: bar, baseline: failing.fresh, waivers }).result,
  ),
  empty: sourceOf(judged([], [])),
};

/** Everything that some reader takes for more than text. */
export const nasty: readonly string[] = [
  "]]>",
  "::error::boom",
  "##[error]boom",
  "a\nb",
  "a\r\nb",
  "\u001b[31mred\u001b[0m\u0007",
  "\u202eevil\u202c\u2066",
  "\ud800",
  "\udc00x",
  "caf\ufffd",
  "\u0000\ufffe\uffff",
  "<img src=x onerror=alert(1)>",
  "</script><script>alert(1)</script>",
  "=cmd|' /C calc'!A0",
  "+1+1",
  "-2+3",
  "@SUM(A1)",
  "\t=1",
  " =1",
  "\uff1d1+1",
  '"; DROP TABLE',
  "a,b;c:d%0A%",
  "&amp;&#x0a;<!DOCTYPE x [<!ENTITY a 'b'>]>",
  "R&D &nosuch; &#0; <![CDATA[",
  "[link](javascript:alert(1)) {0} {{1}}",
  "../../etc/passwd",
  "//evil.example/x",
  "C:\\x\\y",
  "a b\u2028c\u2029d",
  "# TODO later",
  "not ok 2 - x",
  "| a | `b` |",
  "@everyone https://evil.example <https://x>",
  "\u{1f9c1}\u0301e\u0301\u{e0001}",
  "",
  "%SRCROOT%",
  "1..0 # SKIP",
  "...",
  "---",
];

export const nastyText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...nasty),
  fc.string({ unit: "binary", maxLength: 30 }),
  fc.array(fc.constantFrom(...nasty, "x"), { maxLength: 3 }).map(parts => parts.join("")),
  // Halves of characters, as file names of broken encodings come out of some programs.
  fc
    .array(fc.integer({ min: 0xd7f0, max: 0xe010 }), { maxLength: 5 })
    .map(codes => String.fromCharCode(...codes)),
);

const line = fc.integer({ min: 1, max: 100_000 });
const position = fc.record({ file: nastyText, line, column: line });

const finding: fc.Arbitrary<JudgedFinding> = fc
  .record({
    unit: nastyText,
    rule: fc.oneof(
      fc.constantFrom("exposure", "unknown-directive", "PrivateTmp", "key-odd", "\ud800", "\ud801", "\u202e"),
      nastyText,
    ),
    subject: nastyText,
    severity: fc.constantFrom("error" as const, "warning" as const, "note" as const),
    message: fc.record({
      code: fc.constantFrom("gate-exposure", "unknown-key", "audit-said", "nothing-of-the-kind"),
      args: fc.dictionary(fc.constantFrom("unit", "key", "section", "text", "exposure"), nastyText),
    }),
    position: fc.option(position, { nil: undefined }),
    measure: fc.option(fc.integer({ min: 0, max: 100 }), { nil: undefined }),
    status: fc.constantFrom(
      "new" as const,
      "worse" as const,
      "baseline" as const,
      "waived" as const,
      "notice" as const,
    ),
    reason: nastyText,
    until: fc.constantFrom("2026-11-23", "2027-12-31"),
  })
  .map(({ position, measure, status, reason, until, ...rest }) => ({
    ...rest,
    status,
    isFailing: (status === "new" || status === "worse") && rest.severity === "error",
    ...(position === undefined ? {} : { position }),
    ...(measure === undefined ? {} : { measure }),
    ...(status === "worse" ? { accepted: 1 } : {}),
    ...(status === "waived"
      ? { waiver: { reason, until, position: { file: "tightunit.waivers", line: 3, column: 1 } } }
      : {}),
  }));

const unit: fc.Arbitrary<GateUnit> = fc.record({
  name: nastyText,
  aliases: fc.array(nastyText, { maxLength: 2 }),
  path: fc.option(nastyText),
  status: fc.constantFrom("scored" as const, "refused" as const, "masked" as const),
  exposure: fc.option(fc.integer({ min: 0, max: 100 })),
  level: fc.option(fc.constantFrom("OK", "UNSAFE")),
  maxExposure: fc.option(fc.integer({ min: 0, max: 100 })),
  hasPassed: fc.boolean(),
});

/** Verdicts whose every text may be anything. */
export const hostileSource: fc.Arbitrary<ReportSource> = fc
  .record({
    findings: fc.array(finding, { maxLength: 6 }),
    units: fc.array(unit, { maxLength: 4 }),
    fix: fc.record({ file: nastyText, before: fc.option(nastyText, { nil: undefined }), after: nastyText }),
  })
  .map(({ findings, units, fix: { before, ...fix } }) => {
    // Names of findings mostly lead to units, as in life.
    const named = findings.map((each, index) => {
      const owner = units[index];
      return owner === undefined ? each : { ...each, unit: owner.name };
    });
    const fixes = named.slice(0, 1).map(each => ({
      unit: each.unit,
      ...fix,
      ...(before === undefined ? {} : { before }),
    }));
    return sourceOf(judged(named, units), { fixes });
  });

export function judged(findings: readonly JudgedFinding[], units: readonly GateUnit[]): GateResult {
  const ordered = orderFindings<JudgedFinding & Finding>(findings);
  const failing = ordered.filter(each => each.isFailing);
  const byStatus = { new: 0, worse: 0, baseline: 0, waived: 0, notice: 0 };
  for (const { status } of ordered) byStatus[status]++;
  return {
    verdict: failing.length === 0 ? "passed" : "failed",
    findings: ordered,
    units,
    failOn: "error",
    summary: {
      units: units.length,
      unitsFailed: units.filter(each => !each.hasPassed).length,
      byStatus,
      failing: failing.length,
    },
  };
}
