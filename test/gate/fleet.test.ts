// The sums of a fleet, compared with sums made the long way over generated ones.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fleetTally } from "../../src/gate/fleet.ts";
import { digester, type UnitDigest } from "../../src/gate/fleet-digest.ts";
import { parseGroup } from "../../src/gate/fleet-groups.ts";
import type { AuditRecord } from "../../src/rules/read-audit.ts";

/** A unit of a host: its name, and whether each of three checks fails. */
type Stand = readonly [name: string, fails: readonly boolean[]];
type Host = readonly [name: string, stands: readonly Stand[]];

const recordOf = ([name, fails]: Stand): AuditRecord => {
  const failing = fails.filter(Boolean).length;
  return {
    name,
    status: "scored",
    exposure: failing * 30,
    level: "OK",
    checks: fails.map((isFailing, index) => ({
      id: `check-${index}`,
      badness: isFailing ? 1 : 0,
      range: 1,
      exposure: isFailing ? 30 : 0,
      origin: { file: `/etc/${name}`, line: index + 1 },
    })),
  };
};

const stand = fc.tuple(
  fc.constantFrom("a.service", "b.service", "c.service"),
  fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()),
);
const hosts = fc.uniqueArray(
  fc.tuple(
    fc.string({ minLength: 1, maxLength: 4 }),
    fc.uniqueArray(stand, { selector: ([name]) => name, maxLength: 3 }),
  ),
  { selector: ([name]) => name, minLength: 1, maxLength: 20 },
);

function reportOf(some: readonly Host[], groups: readonly string[] = []) {
  const digest = digester();
  const tally = fleetTally();
  for (const [host, stands] of some)
    tally.add(
      host,
      stands.map((each): UnitDigest => digest(recordOf(each))),
    );
  return tally.report({ maxExposure: 50, groups: groups.map(parseGroup) });
}

describe("the report of a fleet", () => {
  it("does not depend on the order of hosts and units", () => {
    fc.assert(
      fc.property(
        hosts.chain(all => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        ([all, shuffled]) => {
          const turned = shuffled.map(([name, stands]): Host => [name, stands.toReversed()]);
          for (const groups of [[], ["*"]]) expect(reportOf(turned, groups)).toEqual(reportOf(all, groups));
        },
      ),
    );
  });

  it("counts what is there", () => {
    fc.assert(
      fc.property(hosts, all => {
        const { summary, hosts: rows, units, checks } = reportOf(all);
        const records = all.flatMap(([, stands]) => stands.map(recordOf));
        const scores = records.map(each => each.exposure ?? 0).sort((a, b) => a - b);
        expect(summary).toMatchObject({
          hosts: all.length,
          unitsOnHosts: records.length,
          units: new Set(records.map(each => each.name)).size,
          worst: scores.at(-1) ?? null,
          median: scores[Math.ceil(scores.length / 2) - 1] ?? null,
          above: scores.filter(score => score > 50).length,
        });
        expect(rows.map(each => each.host).sort()).toEqual(all.map(([name]) => name).sort());
        for (const unit of units) {
          const own = records.filter(each => each.name === unit.unit).map(each => each.exposure ?? 0);
          expect(unit).toMatchObject({
            hosts: own.length,
            lowest: Math.min(...own),
            highest: Math.max(...own),
            above: own.filter(score => score > 50).length,
          });
        }
        for (const { id, failing } of checks) {
          const index = Number(id.slice(-1));
          expect(failing).toBe(records.filter(each => each.checks[index]?.badness === 1).length);
        }
      }),
    );
  });

  it("puts every host of a group where it stands, and most hosts on the side that counts as usual", () => {
    fc.assert(
      fc.property(hosts, all => {
        const { drift, groups, hosts: rows } = reportOf(all, ["*"]);
        expect(groups[0]?.hosts).toBe(all.length);
        for (const unit of new Set(drift.map(each => each.unit))) {
          const some = drift.filter(each => each.unit === unit);
          const [first] = some;
          const deviating = some.flatMap(each => each.hosts);
          expect(new Set(deviating).size).toBe(deviating.length);
          expect(deviating.length + (first?.mostHosts ?? 0)).toBe(all.length);
          for (const each of some) expect(each.hosts.length).toBeLessThanOrEqual(each.mostHosts);
        }
        for (const { host, drifting } of rows)
          expect(drifting).toBe(drift.filter(each => each.hosts.includes(host)).length);
      }),
    );
  });
});
