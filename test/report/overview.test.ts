import { describe, expect, it } from "vitest";
import { auditOverview, type OverviewRow } from "../../src/report/audit-overview.ts";
import { coloured, plain } from "../../src/report/paint.ts";

const scored = (name: string, exposure: number, level: string): OverviewRow => ({
  name,
  status: "scored",
  exposure,
  level,
  missing: "70/79",
  note: "",
  path: "/usr/lib/systemd/system/bread.service",
});
const rows: readonly OverviewRow[] = [
  scored("bread.service", 12, "OK"),
  {
    name: "ghost.service",
    status: "not-found",
    exposure: null,
    level: "not-found",
    missing: "",
    note: "no such unit",
    path: "",
  },
  scored("oven.service", 96, "UNSAFE"),
  scored(
    "a-very-long-name-of-a-unit-that-nobody-would-choose-by-hand-but-a-generator-does.service",
    96,
    "UNSAFE",
  ),
];

describe("the overview", () => {
  it.each([80, 100, 200])("fits %i columns", columns => {
    const lines = auditOverview(rows, { columns, paint: plain }).split("\n");
    expect(Math.max(...lines.map(line => [...line].length))).toBeLessThanOrEqual(columns);
  });

  it("has the most exposed first, and those without a score at the end", () => {
    const lines = auditOverview(rows, { columns: 120, paint: plain }).split("\n");
    expect(lines.slice(1, 5).map(line => line.slice(0, 5))).toEqual(["a-ver", "oven.", "bread", "ghost"]);
  });

  it("counts what it shows", () => {
    expect(auditOverview(rows, { columns: 80, paint: plain })).toContain(
      "3 scored, median exposure 9.6; 1 not-found",
    );
  });

  it("puts colours round words and never into the alignment", () => {
    const strip = (text: string): string => text.replaceAll(/\u001b\[\d+m/g, "");
    const options = { columns: 80 };
    expect(strip(auditOverview(rows, { ...options, paint: coloured }))).toBe(
      auditOverview(rows, { ...options, paint: plain }),
    );
  });
});
