// The JSON of an audit is what rules/schema/audit.schema.json, which is published, says that it is.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { loadUnit } from "../../src/host/load-unit.ts";
import { memoryTree } from "../../src/host/memory-tree.ts";
import { indexUnits } from "../../src/host/unit-index.ts";
import { auditJsonFrame, unitJson, unitLine } from "../../src/report/audit-json.ts";
import { speaker } from "../../src/report/messages.ts";
import { loadBuiltInPack } from "../../src/rules/built-in-packs.ts";
import { loadMessages } from "../../src/rules/messages.ts";
import { rulesFolder } from "../../src/rules/rule-files.ts";
import { systemdFacts } from "../../src/rules/systemd-facts.ts";
import { auditUnit } from "../../src/score/audit-unit.ts";

const ajv = new Ajv2020({ allErrors: true });
const validate = ajv.compile(
  JSON.parse(readFileSync(join(rulesFolder(), "schema", "audit.schema.json"), "utf8")),
);

const tree = memoryTree({
  "etc/systemd/system/bakery.service": "[Service]\nExecStart=/usr/bin/bake\nNoNewPrivileges=yes # now\n",
  "etc/systemd/system/bakery.service.d/oven.txt": "[Service]\nProtectSystem=strict\n",
  "etc/systemd/system/refused.service": "[Service]\nExecStart=/usr/bin/bake\nUser=:\n",
  "etc/systemd/system/broken.service": "[Service\n",
  "etc/systemd/system/masked.service": { link: "/dev/null" },
  "etc/systemd/system/alias.service": { link: "bakery.service" },
});

function documentFor(names: readonly string[]): unknown {
  const facts = systemdFacts(257, "x86-64");
  const index = indexUnits({ tree, scope: "system", extraDirectories: [] });
  const packs = loadBuiltInPack("traps");
  const units = names.map(name =>
    auditUnit(loadUnit(index, name, { defaultInstance: "i" }), {
      target: { version: 257, profile: 257, scope: "system", arch: "x86-64" },
      facts,
      assessFacts: facts,
      pack: loadBuiltInPack("systemd-security"),
      rulePacks: [packs],
      trapContext: { facts, tree },
    }),
  );
  const head = { tool: "tightunit 0.1.0", systemd: "257", profile: "257", arch: "x86-64", scope: "system" };
  const { opening, closing } = auditJsonFrame(head);
  const speak = speaker(loadMessages());
  const lines = units.map(unit => unitLine(unit, speak));
  expect(lines).toEqual(units.map(unit => JSON.stringify(unitJson(unit, speak))));
  return JSON.parse(`${opening}${lines.join(",")}${closing}`);
}

describe("the schema of audit's JSON", () => {
  it("holds for units of every status, with findings", () => {
    const names = ["bakery", "alias", "refused", "broken", "masked", "missing"].map(
      each => `${each}.service`,
    );
    const document = documentFor(names);
    validate(document);
    expect(validate.errors ?? []).toEqual([]);
    expect(document).toMatchObject({
      units: [
        { name: "bakery.service", status: "scored" },
        { name: "bakery.service", requested: "alias.service", status: "scored" },
        { name: "refused.service", status: "refused", exposure: null },
        { name: "broken.service", status: "error", exposure: null },
        { name: "masked.service", status: "masked", exposure: null },
        { name: "missing.service", status: "not-found", exposure: null },
      ],
    });
  });

  it.each([
    [
      "a score beyond ten",
      { name: "x.service", status: "scored", exposure: 101, level: "UNSAFE", checks: [] },
    ],
    [
      "a scored unit without a score",
      { name: "x.service", status: "scored", exposure: null, level: null, checks: [] },
    ],
    [
      "a refused unit with a score",
      { name: "x.service", status: "refused", exposure: 3, level: "SAFE", checks: [] },
    ],
    ["an unknown status", { name: "x.service", status: "fine", exposure: null, level: null, checks: [] }],
  ])("does not hold for %s", (_, unit) => {
    expect(validate({ tool: "tightunit 0.1.0", systemd: "257", units: [unit] })).toBe(false);
  });
});
