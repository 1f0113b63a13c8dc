// Which needs a probe is asked about, and what a bet that is lost costs.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Proposal, ProposeOptions } from "../../src/harden/proposal.ts";
import { doubtsOf } from "../../src/live/bets.ts";
import type { LiveContext } from "../../src/live/live-context.ts";
import { tryUnit } from "../../src/live/try-unit.ts";
import type { Coverage, Need, Needs } from "../../src/needs/need.ts";
import { formatNeed, parseNeedPattern } from "../../src/needs/need-pattern.ts";
import { loadBetRules } from "../../src/rules/bets.ts";
import { loadNeedVocabulary } from "../../src/rules/needs.ts";
import { systemdFacts } from "../../src/rules/systemd-facts.ts";
import { callSets } from "../../src/settings/call-sets.ts";
import { hardenText } from "../harden/harden-text.ts";

const unit = "bakery.service";
const { callsOf } = callSets(systemdFacts(257, "x86-64"));
const sources = { rules: loadBetRules(), vocabulary: loadNeedVocabulary(), callsOf };
const evidence = { by: "trace", detail: "seen" };
const seen = (...needs: readonly string[]): Needs => ({
  present: needs.map((text): Need => ({ ...parseNeedPattern(text), certainty: "observed", evidence })),
  absent: ["family", "network"].map((kind): Coverage => ({ kind, certainty: "observed", evidence })),
});
const nothing: Needs = { present: [], absent: [] };
const proposing =
  (text: string) =>
  (options: ProposeOptions): Proposal =>
    hardenText(text, options).proposal;
const nginx = proposing("[Service]\nExecStart=/usr/sbin/nginx\n");
const doubted = (propose: typeof nginx, what: Needs): readonly string[] =>
  (doubtsOf({ level: "strict" }, { ...sources, propose, seen: what })?.needs ?? []).map(formatNeed);

describe("doubts", () => {
  it("are of what was inferred and a probe would show", () => {
    expect(doubted(nginx, nothing)).toEqual(expect.arrayContaining(["cap:CAP_SETGID", "cap:CAP_SETUID"]));
  });

  it("are never of what a first start alone shows", () => {
    expect(doubted(nginx, nothing)).not.toContain("cap:CAP_CHOWN");
  });

  it("are not of what was seen", () => {
    expect(doubted(nginx, seen("cap:CAP_SETGID"))).not.toContain("cap:CAP_SETGID");
  });

  it("are of peers only where a whole trace shows no IP socket", () => {
    expect(doubted(nginx, nothing)).not.toContain("peer:any");
    expect(doubted(nginx, seen("family:AF_INET"))).not.toContain("peer:any");
    expect(doubted(nginx, seen())).toContain("peer:any");
  });

  it("are of hardly anything for a service that does what it is told", () => {
    const cron = doubted(proposing("[Service]\nExecStart=/usr/sbin/cron -f\n"), nothing);
    expect(cron.filter(need => /^(?:network|family:AF_INET|memory-wx|cap:CAP_SETUID)$/.test(need))).toEqual(
      [],
    );
  });
});

describe("a bet", () => {
  let root = "";
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "tightunit-"));
    mkdirSync(join(root, "run/systemd/system"), { recursive: true });
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  /** A manager whose unit fails while its drop-in is one that it cannot bear. */
  function context(bears: (dropIn: string) => boolean): LiveContext {
    const path = join(root, `run/systemd/system/${unit}.d/50-tightunit-try.conf`);
    const step = async () => ({ kind: "done" }) as const;
    const isUp = () => bears(existsSync(path) ? readFileSync(path, "utf8") : "");
    const systemd = {
      reload: step,
      start: step,
      stop: step,
      restart: step,
      resetFailed: step,
      show: async () =>
        new Map([
          ["LoadState", "loaded"],
          ["ActiveState", isUp() ? "active" : "failed"],
          ["SubState", isUp() ? "running" : "failed"],
        ]),
    };
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
    };
  }
  const request = {
    unit,
    wanted: { level: "strict" },
    propose: nginx,
    probe: "true",
    useMs: 0,
    probeTimeoutMs: 1000,
    maxRestarts: 60,
    bets: { ...sources, traced: { isRoot: true } },
  } as const;
  const isSet = (dropIn: string, name: string): boolean =>
    dropIn === "" || new RegExp(`^CapabilityBoundingSet=.*${name}`, "m").test(dropIn);

  it("that is won makes the unit stricter, and says what it was against", async () => {
    const { proposal, first, bets, restarts } = await tryUnit(
      request,
      context(() => true),
    );
    expect(proposal.after.exposure).toBeLessThan(first.after.exposure);
    expect(bets).toContainEqual({
      what: "cap:CAP_SETGID",
      directive: "CapabilityBoundingSet",
      against: expect.stringMatching(/^profile nginx: /),
    });
    expect(restarts).toBeLessThanOrEqual(5);
  }, 60_000);

  it("that is lost costs itself and not the others, nor what worked without", async () => {
    const { proposal, first, restarts } = await tryUnit(
      request,
      context(dropIn => isSet(dropIn, "CAP_SETUID")),
    );
    expect(isSet(proposal.dropIn, "CAP_SETUID")).toBe(true);
    expect(isSet(proposal.dropIn, "CAP_SETGID")).toBe(false);
    expect(proposal.after.exposure).toBeLessThan(first.after.exposure);
    expect(restarts).toBeLessThanOrEqual(14);
  }, 60_000);

  const start = [
    'execve("/opt/bakery/oven", ["oven"], 0x1 /* 2 vars */) = 0',
    "brk(NULL) = 0x1",
    "mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 3, 0) = 0x1",
    'read(3, "", 1) = 0',
    "rt_sigprocmask(SIG_BLOCK, NULL, NULL, 8) = 0",
    "close(3) = 0",
  ];
  /** A manager whose unit bears everything, with looks at it that show `calls` and in which its probe ends as `codes` says. */
  function seeing(calls: readonly string[], codes: readonly number[]) {
    let looks = 0;
    const watched: LiveContext = {
      ...context(() => true),
      watch: async ({ onLines }) => {
        onLines(calls.map(call => `1 ${call}`));
        const probe = { code: codes[looks++] ?? 0, output: "" };
        const counts = { read: calls.length, kept: calls.length, processes: 1 };
        return { kind: "traced", counts, probe, before: "active", after: "active" };
      },
    };
    return { context: watched, looks: () => looks };
  }

  it("is made on what nothing speaks for, once a look at the service at work shows none of it", async () => {
    const oven = proposing("[Service]\nExecStart=/opt/bakery/oven\n");
    const { proposal, first, bets } = await tryUnit(
      { ...request, propose: oven },
      seeing(start, [0]).context,
    );
    expect(first.dropIn).not.toMatch(/^PrivateNetwork=yes$/m);
    expect(proposal.dropIn).toMatch(/^PrivateNetwork=yes$/m);
    expect(bets.map(({ what, directive }) => `${directive} ${what}`)).toContain("PrivateNetwork network");
  }, 60_000);

  it("is made after a second look where the first failed, and not at all where both did", async () => {
    const once = seeing(start, [1, 0]);
    expect((await tryUnit(request, once.context)).bets).not.toEqual([]);
    const never = seeing(start, [1, 1]);
    const { bets, proposal, first } = await tryUnit(request, never.context);
    expect({ bets, dropIn: proposal.dropIn }).toEqual({ bets: [], dropIn: first.dropIn });
    expect([once.looks(), never.looks()]).toEqual([2, 2]);
  }, 60_000);

  it("is left to the probe where a look cannot show all that was done", async () => {
    const blind = seeing([...start, "io_uring_setup(8, 0x1) = 3"], [0]);
    const { bets, proposal } = await tryUnit(request, blind.context);
    expect(bets.map(({ what }) => what)).toContain("cap:CAP_SETGID");
    expect(proposal.dropIn).not.toMatch(/^PrivateNetwork=yes$/m);
  }, 60_000);

  it("is not made where evidence is to have the last word", async () => {
    const { bets: _, ...careful } = request;
    const { proposal, first, bets } = await tryUnit(
      careful,
      context(() => true),
    );
    expect(proposal.dropIn).toBe(first.dropIn);
    expect(bets).toEqual([]);
  }, 60_000);
});
