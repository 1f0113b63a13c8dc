// What happens when things go wrong on the way, with a manager that is only pretended.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Proposal, ProposeOptions } from "../../src/harden/proposal.ts";
import type { LiveContext } from "../../src/live/live-context.ts";
import { recover } from "../../src/live/recover.ts";
import { readState } from "../../src/live/state.ts";
import type { Step, Systemd } from "../../src/live/systemctl.ts";
import { tryUnit } from "../../src/live/try-unit.ts";
import { hardenText } from "../harden/harden-text.ts";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "tightunit-"));
  mkdirSync(join(root, "run/systemd/system"), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const done: Step = { kind: "done" };
const unit = "bakery.service";

/** A manager with one unit; what it does may be replaced, and everything asked of it is noted. */
function manager(calls: string[], active: () => string, over: Partial<Systemd> = {}): Systemd {
  const noted =
    (name: string) =>
    async (of: string): Promise<Step> => {
      calls.push(`${name} ${of}`);
      return done;
    };
  return {
    reload: async () => {
      calls.push("reload");
      return done;
    },
    start: noted("start"),
    stop: noted("stop"),
    restart: noted("restart"),
    resetFailed: noted("reset-failed"),
    show: async () =>
      new Map([
        ["Id", unit],
        ["LoadState", "loaded"],
        ["ActiveState", active()],
        ["SubState", active() === "failed" ? "failed" : "running"],
        ["Result", active() === "failed" ? "exit-code" : "success"],
        ["FragmentPath", join(root, unit)],
      ]),
    ...over,
  };
}

function context(systemd: Systemd, more: Partial<LiveContext> = {}): LiveContext {
  return {
    systemd,
    undoing: systemd,
    journal: { cursor: async () => "c", since: async () => [] },
    runProbe: async () => ({ code: 0, signal: null, stdout: "", stderr: "", isLate: false }),
    watch: async () => ({ kind: "refused", code: "trace-needs-strace", args: {} }),
    sleep: async () => {},
    now: () => performance.now(),
    isInterrupted: () => false,
    root,
    runFolder: join(root, "run/tightunit"),
    backupFolder: join(root, "backup"),
    say: () => {},
    ...more,
  };
}

const dropIn = () => join(root, `run/systemd/system/${unit}.d/50-tightunit-try.conf`);
const replacing = () => join(root, `run/systemd/system.control/${unit}.d/50-tightunit.conf`);
const propose = (options: ProposeOptions): Proposal =>
  hardenText("[Service]\nExecStart=/opt/bakery/oven\n", options).proposal;
const request = {
  unit,
  wanted: { level: "strict" },
  propose,
  probe: "true",
  useMs: 0,
  probeTimeoutMs: 1000,
  maxRestarts: 60,
} as const;

describe("a trial on a manager", () => {
  it("leaves no file and no state behind, and restarts what ran", async () => {
    const calls: string[] = [];
    const result = await tryUnit(request, context(manager(calls, () => "active")));
    expect(result).toMatchObject({ restarts: 3, concessions: [] });
    expect(readdirSync(join(root, "run/systemd/system"))).toEqual([]);
    expect(readdirSync(join(root, "run/tightunit"))).toEqual([]);
    expect(calls.slice(-3)).toEqual(["reload", `reset-failed ${unit}`, `restart ${unit}`]);
  });

  it("stops in the end what did not run", async () => {
    const calls: string[] = [];
    let isFirst = true;
    const active = () => {
      const now = isFirst ? "inactive" : "active";
      isFirst = false;
      return now;
    };
    let asked = 0;
    await tryUnit(request, context(manager(calls, () => (asked++ < 3 ? active() : "active"))));
    expect(calls).toContain(`stop ${unit}`);
    expect(calls.at(-1)).toBe(`reset-failed ${unit}`);
  });

  it("stands in place of a drop-in with lines of ours, with what others wrote there", async () => {
    const seen: string[] = [];
    const active = () => {
      if (existsSync(replacing())) seen.push(readFileSync(replacing(), "utf8"));
      return "active";
    };
    const replaces = { name: "50-tightunit.conf", text: "[Service]\nEnvironment=FLOUR=rye\n" };
    const result = await tryUnit({ ...request, replaces }, context(manager([], active)));
    expect(new Set(seen)).toEqual(new Set([replaces.text, `${replaces.text}${result.proposal.dropIn}`]));
    expect(existsSync(join(root, "run/systemd/system.control"))).toBe(false);
    expect(readdirSync(join(root, "run/tightunit"))).toEqual([]);
  });

  it("finds a value that was asked for by name, and goes on with what evidence allows", async () => {
    const active = () =>
      existsSync(dropIn()) && /InaccessiblePaths=\/usr\/bin/.test(readFileSync(dropIn(), "utf8"))
        ? "failed"
        : "active";
    const forced = [{ directive: "InaccessiblePaths", value: "/usr/bin" }];
    const result = await tryUnit(
      { ...request, wanted: { level: "strict", forced } },
      context(manager([], active)),
    );
    expect(result.concessions.map(each => each.what)).toEqual(["InaccessiblePaths=/usr/bin"]);
    expect(result.proposal.dropIn).toBe(propose({ level: "strict" }).dropIn);
    expect(result.restarts).toBeLessThanOrEqual(12);
  });

  it("refuses a value that is no stricter than what the unit has", async () => {
    const forced = [{ directive: "ProtectSystem", value: "no" }];
    const tried = tryUnit(
      { ...request, wanted: { level: "strict", forced } },
      context(manager([], () => "active")),
    );
    await expect(tried).rejects.toMatchObject({ diagnostic: { code: "not-stricter" } });
  });

  it("gives up everything, one by one, for a service that bears nothing", async () => {
    const active = () => (existsSync(dropIn()) ? "failed" : "active");
    const result = await tryUnit(
      { ...request, maxRestarts: 1000, wanted: { level: "safe" } },
      context(manager([], active)),
    );
    expect(result.proposal.dropIn).toBe("");
    expect(existsSync(dropIn())).toBe(false);
  }, 120_000);

  it("tells what could not be put back, and keeps the state for recover", async () => {
    let reloads = 0;
    const reload = async (): Promise<Step> =>
      ++reloads > 2 ? { kind: "failed", because: "refused", reason: "no more" } : done;
    const broken = context(manager([], () => "active", { reload }));
    await expect(tryUnit(request, broken)).rejects.toMatchObject({ diagnostic: { code: "not-undone" } });
    expect(existsSync(dropIn())).toBe(false);
    expect(readState(broken.runFolder)).toMatchObject({ unit, wasActive: true });
    const recovered = await recover(context(manager([], () => "active")));
    expect(recovered).toMatchObject({ run: { unit, command: "try" }, failures: [] });
    expect(readState(broken.runFolder)).toBe("none");
  });

  it("puts everything back when it is interrupted at any step", async () => {
    for (let at = 1; at < 24; at++) {
      let asked = 0;
      const interrupted = context(
        manager([], () => "active"),
        { isInterrupted: () => ++asked >= at },
      );
      await tryUnit(request, interrupted).catch((error: unknown) =>
        expect(error).toMatchObject({ diagnostic: { code: "interrupted" } }),
      );
      expect(readdirSync(join(root, "run/systemd/system"))).toEqual([]);
      expect(readState(interrupted.runFolder)).toBe("none");
    }
  });

  it("stops when somebody else changes the unit meanwhile", async () => {
    let probes = 0;
    const runProbe: LiveContext["runProbe"] = async () => {
      writeFileSync(join(root, unit), `# ${probes++}\n`);
      return { code: 0, signal: null, stdout: "", stderr: "", isLate: false };
    };
    const changing = context(
      manager([], () => "active"),
      { runProbe },
    );
    await expect(tryUnit(request, changing)).rejects.toMatchObject({
      diagnostic: { code: "changed-meanwhile" },
    });
    expect(existsSync(dropIn())).toBe(false);
  });

  it("removes drop-ins of trials that no state tells of", async () => {
    mkdirSync(join(root, `run/systemd/system/${unit}.d`));
    writeFileSync(dropIn(), "[Service]\n");
    writeFileSync(join(root, "run/systemd/system", `${unit}.d`, "other.conf"), "");
    mkdirSync(join(root, `run/systemd/system.control/${unit}.d`), { recursive: true });
    writeFileSync(replacing(), "[Service]\n");
    const { strays } = await recover(context(manager([], () => "active")));
    expect(strays).toEqual([dropIn(), replacing()]);
    expect(readdirSync(join(root, `run/systemd/system/${unit}.d`))).toEqual(["other.conf"]);
  });
});
