import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { run } from "./run.ts";

const cwd = join(import.meta.dirname, "..", "..", "fixtures", "source-tree");
const systemd = ["--systemd", "257", "--arch", "x86-64"];

describe("units of a source tree", () => {
  it("are audited as folders and as files, by the names that they will have", async () => {
    const all = await run(["audit", ".", "--format", "ndjson", ...systemd], { cwd });
    expect(all.code).toBe(0);
    const units = all.stdout
      .trim()
      .split("\n")
      .map(line => JSON.parse(line));
    expect(units.map(unit => unit.requested ?? unit.name)).toContain("dough-mixer@.service");
    expect(units.map(unit => unit.status)).toEqual(units.map(() => "scored"));
    const one = await run(["audit", "./debian/bakery.oven-heater.service", ...systemd], { cwd });
    expect(one.stdout).toContain("Overall exposure level for oven-heater.service");
  });

  it("say of a check that only the build knows that nobody knows", async () => {
    const { stdout } = await run(["audit", "./cmake/oven.service.in", "--format", "json", ...systemd], {
      cwd,
    });
    const [unit] = JSON.parse(stdout).units;
    const text = await run(["audit", "./cmake/oven.service.in", ...systemd], { cwd });
    expect(text.stdout).toMatch(/^✗.* PrivateTmp= +set by the build$/m);
    const check = unit.checks.find((each: { id: string }) => each.id === "PrivateTmp");
    expect(check).toMatchObject({ set: null, badness: 1 });
    expect(unit.findings).toMatchObject([{ code: "placeholder-value", severity: "note", line: 9 }]);
  });

  it("get a drop-in that leaves alone what the build sets", async () => {
    const args = ["fix", "./cmake/oven.service.in", "--level", "strict", "--format", "dropin", ...systemd];
    const { stdout, code } = await run(args, { cwd });
    expect(code).toBe(0);
    expect(stdout).toContain("NoNewPrivileges=yes");
    expect(stdout).not.toContain("PrivateTmp=");
  });

  it("get their drop-ins beside them, under the name of the unit", async () => {
    const { stdout } = await run(["fix", "./scrub/mill@.service.in", ...systemd], { cwd });
    expect(stdout).toContain("+++ b/scrub/mill@.service.d/50-tightunit.conf");
  });

  it("pass the gate or fail it as any other, and placeholders are no mistakes", async () => {
    const fails = await run(["gate", "./units", "--max-exposure", "1", "--format", "json", ...systemd], {
      cwd,
    });
    expect(fails.code).toBe(1);
    const passes = await run(["gate", "./cmake", "--max-exposure", "10", ...systemd], { cwd });
    expect(passes.code).toBe(0);
  });
});
