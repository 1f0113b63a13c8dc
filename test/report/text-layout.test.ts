// What a person sees of an audit and a verdict, at 80 and at 200 columns, with colours and without.
import { describe, expect, it } from "vitest";
import { listUnits } from "../../src/host/list-units.ts";
import { loadUnit } from "../../src/host/load-unit.ts";
import { memoryTree } from "../../src/host/memory-tree.ts";
import { indexUnits } from "../../src/host/unit-index.ts";
import { auditDetail } from "../../src/report/audit-detail.ts";
import { auditOverview, overviewRow } from "../../src/report/audit-overview.ts";
import { checkTexts } from "../../src/report/check-texts.ts";
import { gateResultText } from "../../src/report/gate-result-text.ts";
import { speaker } from "../../src/report/messages.ts";
import { coloured, plain } from "../../src/report/paint.ts";
import { charactersOf, characterWidth, textWidth } from "../../src/report/text-width.ts";
import { loadBuiltInPack } from "../../src/rules/built-in-packs.ts";
import { loadMessages } from "../../src/rules/messages.ts";
import { systemdFacts } from "../../src/rules/systemd-facts.ts";
import { checksFor } from "../../src/score/assess.ts";
import { auditUnit } from "../../src/score/audit-unit.ts";
import { resolveTarget } from "../../src/settings/resolve-target.ts";
import { gateOf } from "../gate/gate-texts.ts";

const speak = speaker(loadMessages());
const resolved = resolveTarget({ version: 257, scope: "system", arch: "x86-64" });
if (resolved.kind === "error") throw new Error(resolved.diagnostic.code);
const { target } = resolved;
const context = {
  target,
  facts: systemdFacts(target.profile, target.arch),
  pack: loadBuiltInPack("systemd-security"),
  rulePacks: [loadBuiltInPack("traps")],
};
const texts = checkTexts(checksFor(context.pack, target));

const audits = (units: Readonly<Record<string, string>>) => {
  const folder = "/etc/systemd/system";
  const tree = memoryTree(Object.entries(units).map(([name, text]) => [`${folder}/${name}`, text] as const));
  const index = indexUnits({ tree, scope: "system", extraDirectories: [] });
  return listUnits(index, { types: ["service"] }).map(name =>
    auditUnit(loadUnit(index, name, { defaultInstance: "i" }), context),
  );
};

const bakery = "[Service]\nExecStart=/usr/bin/bakery\nPrivateTmp=yes\nCapabilityBoundingSet=CAP_CHOWN\n";
const detail = (columns: number, paint = plain): readonly string[] => {
  const [only] = audits({ "bakery.service": bakery });
  if (only === undefined) throw new Error("no unit");
  return auditDetail(only, texts, speak, { columns, paint, readFor: "Read for systemd 257." }).split("\n");
};
const strip = (text: string): string => text.replaceAll(/\u001b\[\d+m/g, "");

describe("the width of a text", () => {
  it.each([
    ["bakery", 6],
    ["Bäckerei", 8],
    ["Ba\u0308ckerei", 8],
    ["パン屋", 6],
    ["빵집", 4],
    ["面包店.service", 14],
    ["ﾊﾟﾝ", 3],
    ["🥐", 2],
    ["e\u0301\u0302", 1],
    ["", 0],
    ["…→✗", 3],
  ])("of %j is %i columns", (text, width) => {
    expect(textWidth(text)).toBe(width);
  });

  it("keeps a mark with its letter", () => {
    expect(charactersOf("Ba\u0308")).toEqual(["B", "a\u0308"]);
    expect(characterWidth("\u0308")).toBe(0);
  });
});

describe("the overview", () => {
  const rows = (names: readonly string[]) =>
    audits(Object.fromEntries(names.map(name => [name, bakery]))).map(each => overviewRow(each, speak));

  it("keeps names whole while there is room for them and the notes", () => {
    const name = "systemd-suspend-then-hibernate.service";
    const text = auditOverview(rows([name, "bakery.service"]), { columns: 80, paint: plain });
    expect(text).toContain(`${name}  `);
    expect(text).not.toContain("…");
  });

  it("aligns figures behind names of any script", () => {
    const [row] = rows(["bakery.service"]);
    if (row === undefined) throw new Error("no unit");
    const names = ["面包店.service", "Ba\u0308ckerei.service", "bakery.service", "🥐.service"];
    const written = auditOverview(
      names.map(name => ({ ...row, name })),
      { columns: 80, paint: plain },
    );
    const ends = written
      .split("\n")
      .slice(1, 5)
      .map(line => textWidth(line.slice(0, line.search(/\s\d\.\d/))));
    expect(ends).toHaveLength(4);
    expect(new Set(ends).size).toBe(1);
  });

  it("has a column for paths where the terminal is wide, and none is cut", () => {
    const wide = auditOverview(rows(["bakery.service"]), { columns: 200, paint: plain });
    expect(wide).toMatch(/^UNIT .* PATH\n.* {2}\/etc\/systemd\/system\/bakery\.service\n/);
    expect(auditOverview(rows(["bakery.service"]), { columns: 80, paint: plain })).not.toContain("PATH");
  });

  it("gives a reason the room of the figures that a unit without a score has not", () => {
    const [, ...lines] = auditOverview(rows(["bakery.service"]).concat({ ...masked }), {
      columns: 80,
      paint: plain,
    }).split("\n");
    expect(lines[1]).toMatch(/^fridge\.service {9}- {2}masked {2}nothing runs$/);
  });

  const masked = {
    name: "fridge.service",
    status: "masked" as const,
    exposure: null,
    level: "masked",
    missing: "",
    note: "nothing runs",
    path: "",
  };
});

describe("every check of one unit", () => {
  it.each([80, 100, 120, 200])("fits %i columns, whatever it says", columns => {
    const longest = Math.max(...detail(columns).map(textWidth));
    expect(longest).toBeLessThanOrEqual(columns);
  });

  it("names lines in few words where columns are few, and places in full where they are many", () => {
    expect(detail(80).join("\n")).toMatch(/✓ {14}PrivateTmp= +line 3\n/);
    expect(detail(200).join("\n")).toMatch(
      /✓ {14}PrivateTmp= +\/etc\/systemd\/system\/bakery\.service:3 +Has \/tmp and \/var\/tmp to itself\n/,
    );
  });

  it("has what checks ask in a column of its own where there is room", () => {
    const lines = detail(200);
    const at = lines.find(line => line.includes("ASKS"))?.indexOf("ASKS");
    expect(at).toBeGreaterThan(80);
    expect(lines.find(line => line.includes("PrivateNetwork="))?.indexOf("Is cut off")).toBe(at);
    expect(detail(80).join("\n")).not.toContain("ASKS");
  });

  it("has most of its checks on a line each at 80 columns", () => {
    const checks = detail(80).filter(line => /^[✗✓-] /.test(line));
    const below = detail(80).filter(line => /^ {17}\S/.test(line));
    expect(below.length).toBeLessThan(checks.length / 3);
  });

  it.each([80, 200])("is the same with colours, apart from the colours, at %i columns", columns => {
    expect(strip(detail(columns, coloured).join("\n"))).toBe(detail(columns).join("\n"));
    expect(detail(columns, coloured).join("\n")).toContain("\u001b[31m✗\u001b[0m");
  });
});

describe("a verdict", () => {
  const { result } = gateOf({
    units: { "oven.service": "[Service]\nExecStart=/usr/bin/oven\nPrivatTmp=yes\n" },
    policy: { all: { maxExposure: 50, require: [], forbid: [] } },
    waivers: "[oven.service exposure]\nreason = soon\nuntil = 2027-01-01\n",
  });

  it("is a line for each finding, as editors read them, and the sum", () => {
    expect(gateResultText(result, { paint: plain, speak })).toMatchInlineSnapshot(`
      "/etc/systemd/system/oven.service:3: error: There is no PrivatTmp= in [Service], so systemd ignores the line. Is PrivateTmp= meant? [unknown-directive]
      /etc/systemd/system/oven.service:1: waived: The exposure is 9.4, above the 5.0 that the policy allows here. Waived until 2027-01-01: soon [exposure]
      failed: 1 finding in 1 of 1 unit (1 waived)
      "
    `);
  });

  it("shows the fifty worst of many, in their order, and counts the rest", () => {
    const [finding] = result.findings;
    const [unit] = result.units;
    if (finding === undefined || unit === undefined) throw new Error("nothing found");
    const count = 80;
    const names = Array.from(
      { length: count },
      (_, index) => `bread-${String(index).padStart(2, "0")}.service`,
    );
    const text = gateResultText(
      {
        ...result,
        findings: names.map(name => ({ ...finding, unit: name, status: "new" as const, isFailing: true })),
        units: names.map((name, index) => ({ ...unit, name, exposure: index })),
      },
      { paint: plain, speak },
    );
    const lines = text.split("\n");
    expect(lines[50]).toBe("and 30 more, none of them worse");
    expect(lines[0]).toContain("bread-30.service");
    expect(lines[49]).toContain("bread-79.service");
  });

  it("gives no commands to a log of CI", () => {
    const { result: odd } = gateOf({
      units: { "::error::x.service": "[Service]\nExecStart=/usr/bin/oven\nNice=##[error]\n" },
      policy: {},
    });
    const text = gateResultText(
      {
        ...odd,
        findings: odd.findings.map(each => ({
          ...each,
          position: { file: "::error::x.service", line: 1, column: 1 },
        })),
      },
      { paint: plain, speak },
    );
    expect(text).toMatch(/^\.\/::error::x\.service:1: /);
    expect(text).not.toContain("##[");
    expect(text).not.toMatch(/^::/m);
  });

  it("is the same with colours, apart from the colours", () => {
    expect(strip(gateResultText(result, { paint: coloured, speak }))).toBe(
      gateResultText(result, { paint: plain, speak }),
    );
  });
});
