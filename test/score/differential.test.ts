// Our score is the score of the systemd on this machine, check by check: over its own units and over generated ones.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hostTree } from "../../src/host/directory-tree.ts";
import { loadUnit } from "../../src/host/load-unit.ts";
import type { Scope } from "../../src/host/loaded-unit.ts";
import { indexUnits, type UnitIndex } from "../../src/host/unit-index.ts";
import { loadBuiltInPack } from "../../src/rules/built-in-packs.ts";
import { loadPolicy, PolicyError, type SecurityPolicy } from "../../src/rules/policy.ts";
import { systemdFacts } from "../../src/rules/systemd-facts.ts";
import { assess } from "../../src/score/assess.ts";
import { resolveSettings } from "../../src/settings/resolve-settings.ts";
import { defaultInstance } from "../support/corpus.ts";
import { oddUnits } from "./odd-units.ts";
import {
  askSystemd,
  hasOracle,
  type OracleAnswer,
  oracleArch,
  oracleVersion,
  whyNoOracle,
} from "./systemd-oracle.ts";
import { type GeneratedUnit, generatedUnits } from "./unit-texts.ts";

function ourAnswer(index: UnitIndex, name: string, policy?: SecurityPolicy): OracleAnswer {
  const unit = loadUnit(index, name, { defaultInstance: defaultInstance(oracleVersion) });
  if (unit.status !== "loaded") return undefined;
  const target = { version: oracleVersion, profile: oracleVersion, scope: unit.scope, arch: oracleArch };
  const facts = systemdFacts(oracleVersion, oracleArch);
  const settings = resolveSettings(unit, target, facts);
  if (settings.refused !== undefined) return undefined;
  const { checks } = assess(settings, loadBuiltInPack("systemd-security"), facts, policy);
  return new Map(
    checks.map(({ id, badness, weight, range, exposure }) => {
      const tenths = exposure ?? 0;
      const printed = badness ? `${Math.floor(tenths / 10)}.${tenths % 10}` : null;
      return [id, { badness, weight, range, exposure: printed }];
    }),
  );
}

function difference(theirs: OracleAnswer, ours: OracleAnswer): readonly string[] {
  if (theirs === undefined || ours === undefined) {
    return theirs === ours ? [] : [`systemd ${theirs ? "scores" : "refuses"} it`];
  }
  const ids = new Set([...theirs.keys(), ...ours.keys()]);
  return [...ids].flatMap(id => {
    const [one, other] = [JSON.stringify(sorted(theirs.get(id))), JSON.stringify(sorted(ours.get(id)))];
    return one === other ? [] : [`${id}: systemd ${one}, ours ${other}`];
  });
}

function sorted(row: ReturnType<NonNullable<OracleAnswer>["get"]>) {
  return row && [row.badness, row.weight, row.range, row.exposure];
}

describe.skipIf(!hasOracle)(`the systemd on this machine${whyNoOracle}`, () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "tightunit-differential-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("agrees on every unit of its own", () => {
    const index = indexUnits({ tree: hostTree(), scope: "system", extraDirectories: [] });
    const units = [...index.units.keys()]
      .filter(name => /\.(service|socket|mount|swap|timer|path|target)$/.test(name))
      .sort();
    const theirs = askSystemd({ units, scope: "system" });
    const differences = units.flatMap((unit, at) =>
      difference(theirs[at], ourAnswer(index, unit)).map(each => `${unit}: ${each}`),
    );
    expect(differences).toEqual([]);
    expect(theirs.filter(answer => answer !== undefined).length).toBeGreaterThan(0);
  });

  let batches = 0;
  function compareBatch(batch: readonly GeneratedUnit[], scope: Scope): void {
    const place = join(folder, String(batches++));
    const units = batch.map(({ name }, number) => name.replace("#", String(number)));
    for (const [number, { fragment, dropIns }] of batch.entries()) {
      const unit = units[number] ?? "";
      mkdirSync(join(place, `${unit}.d`), { recursive: true });
      const numbered = (text: string) => text.replaceAll("NUMBER", String(number));
      writeFileSync(join(place, unit), numbered(fragment));
      for (const [name, text] of Object.entries(dropIns))
        writeFileSync(join(place, `${unit}.d`, name), numbered(text));
    }
    const theirs = askSystemd({ units, scope, folder: place });
    const index = indexUnits({ tree: hostTree(), scope, extraDirectories: [], searchPath: [place] });
    const differences = units.flatMap((unit, at) => {
      const found = difference(theirs[at], ourAnswer(index, unit));
      return found.length === 0 ? [] : [{ found, unit: batch[at] }];
    });
    rmSync(place, { recursive: true, force: true });
    expect(differences).toEqual([]);
  }

  describe("with a policy", () => {
    function under(json: string) {
      const place = join(folder, `policy-${batches++}`);
      mkdirSync(place);
      writeFileSync(join(place, "bakery.service"), "[Service]\nExecStart=/bin/true\nUser=baker\n");
      const file = join(place, "policy.json");
      writeFileSync(file, json);
      const index = indexUnits({
        tree: hostTree(),
        scope: "system",
        extraDirectories: [],
        searchPath: [place],
      });
      const { policy } = loadPolicy(json, file, loadBuiltInPack("systemd-security"));
      return {
        theirs: () =>
          askSystemd({ units: ["bakery.service"], scope: "system", folder: place, policy: file })[0],
        ours: () => ourAnswer(index, "bakery.service", policy),
        isAccepted: policy !== undefined,
      };
    }

    it.each([
      '{"PrivateNetwork": {"weight": 0}, "UMask": {"weight": 4, "range": 50}}',
      '{"UMask": {"weight": 7}, "UMask": {"weight": 9}}',
      '{"Nonsense": {"weight": 1}, "PrivateTmp": 3, "ProtectHome": {"weight": "5", "odd": true, "range": 11}}',
      '{"UserOrDynamicUser": {"weight": 123456, "description_good": "fine"}}',
      "{}",
    ])("agrees on %s", json => {
      const { theirs, ours } = under(json);
      expect(difference(theirs(), ours())).toEqual([]);
    });

    it("calls an error what systemd aborts on", () => {
      const zero = under('{"UMask": {"range": 0}}');
      expect(zero.isAccepted).toBe(false);
      expect(zero.theirs).toThrow();
      const low = under('{"ProtectHome": {"range": 5}}');
      expect(low.theirs).toThrow();
      expect(low.ours).toThrow(PolicyError);
    });
  });

  it.each(["system", "user"] as const)(
    "agrees on generated units of the %s's manager",
    scope => {
      // One process judges a whole batch, so shrinking is left to the reader: each difference comes with its unit.
      const batch = fc.array(generatedUnits, { minLength: 80, maxLength: 80 });
      fc.assert(
        fc.property(batch, units => compareBatch(units, scope)),
        { numRuns: scope === "system" ? 12 : 3, endOnFailure: true },
      );
    },
    120_000,
  );

  it("agrees on units with odd characters", () => {
    const odd = oddUnits();
    const batch = fc.array(fc.nat(odd.length - 1), { minLength: 80, maxLength: 80 });
    fc.assert(
      fc.property(batch, numbers =>
        compareBatch(
          numbers.flatMap(number => odd[number] ?? []),
          "system",
        ),
      ),
      { numRuns: 6, endOnFailure: true },
    );
  }, 120_000);
});
