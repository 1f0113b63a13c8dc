// The gate as a library, by the package's own exports.
import { describe, expect, it } from "vitest";
import { formatNames, formats, gate, judge, loadUnitText } from "../src/index.ts";
import { sarifErrors } from "./report/formats/validators.ts";

const oven = loadUnitText("[Service]\nExecStart=/usr/bin/oven\nPrivatTmp=yes\n", "oven.service");
const tray = loadUnitText("[Service]\nExecStart=/usr/bin/tray\nUser=tray\n", "tray.service");
const at = { systemd: 257, date: "2026-11-23" };

describe("gate as a library", () => {
  it("judges units by a bar, by name and by demand", () => {
    const { result } = gate([oven, tray], {
      ...at,
      maxExposure: 50,
      require: ["NoNewPrivileges=yes"],
      units: [{ pattern: "tray*", maxExposure: 100 }],
    });
    expect(result.verdict).toBe("failed");
    expect(result.findings.filter(each => each.isFailing).map(each => `${each.unit} ${each.rule}`)).toEqual([
      "oven.service exposure",
      "oven.service required-setting",
      "oven.service unknown-directive",
      "tray.service required-setting",
    ]);
    expect(result.units.map(each => each.maxExposure)).toEqual([50, 100]);
  });

  it("takes waivers and a baseline as text", () => {
    const waivers = "[oven.service exposure]\nreason = soon\nuntil = 2027-01-01\n";
    const baseline = "oven.service unknown-directive PrivatTmp\n";
    const { result } = gate([oven], { ...at, maxExposure: 50, waivers, baseline });
    expect(result.verdict).toBe("passed");
    expect(result.summary.byStatus).toMatchObject({ waived: 1, baseline: 1 });
    expect(gate([oven], { ...at, maxExposure: 50, waivers, date: "2027-01-02" }).result.verdict).toBe(
      "failed",
    );
  });

  it("writes every report", async () => {
    const verdict = gate([oven], { ...at, maxExposure: 50 });
    expect(formatNames).toEqual(formats.map(each => each.name));
    for (const name of formatNames) expect((await verdict.report(name)).length).toBeGreaterThan(20);
    expect(sarifErrors(JSON.parse(await verdict.report("sarif")))).toEqual([]);
    expect(await verdict.report("html")).toContain("oven.service");
    await expect(verdict.report("sarf")).rejects.toThrow('there is no format "sarf"');
  });

  it("says what is wrong with what it is given", () => {
    expect(() => gate([oven], { ...at, maxExposure: 5.5 })).toThrow(RangeError);
    expect(() => gate([oven], { ...at, require: ["ProtectSystem=fulll"] })).toThrow("ProtectSystem=fulll");
    expect(() => gate([oven], { ...at, date: "tomorrow" })).toThrow("tomorrow");
    expect(() => gate([oven], { systemd: 12 })).toThrow(RangeError);
  });

  it("has an empty verdict of no units, and the judge for those who find things themselves", () => {
    expect(gate([], at).result).toMatchObject({ verdict: "passed", findings: [], units: [] });
    expect(typeof judge).toBe("function");
  });
});
