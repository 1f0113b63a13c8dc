// What a baseline and waivers do in each case that a team meets over the years: one row, one test.
import { describe, expect, it } from "vitest";
import { parseBaseline } from "../../src/gate/baseline.ts";
import { ruleNames } from "../../src/gate/rule-names.ts";
import type { Pack } from "../../src/rules/pack.ts";
import { gateOf, linesOf, policyOf, type Scene } from "./gate-texts.ts";

const service = (...lines: readonly string[]) =>
  `[Service]\nExecStart=/usr/bin/oven\nUser=baker\n${lines.join("\n")}\n`;

/** Two lines that systemd ignores. */
const sloppy = service("ProtectHom=yes", "PrivateTmp=maybe");
const clean = service();

const unknown = "bakery.service unknown-directive ProtectHom";
const ignored = "bakery.service ignored-value PrivateTmp";
const both = `${ignored}\n${unknown}\n`;

const bar = { all: { maxExposure: 50, require: [], forbid: [] } };

/** A rule that was called old-lamp once. */
const lamps: Pack = {
  pack: "lamps",
  title: "Lamps",
  rules: [
    {
      rule: "lamp-left-on",
      aliases: ["old-lamp"],
      severity: "error",
      title: "The lamp is on",
      message: "{directive}= is on.",
      explanation: "It need not be.",
      detect: { kind: "settings", at: "PrivateNetwork", all: [{ directive: "PrivateNetwork", is: ["no"] }] },
      examples: { bad: [{ unit: "" }], good: [{ unit: "" }] },
    },
  ],
};

const waiver = (rule: string, until = "2027-01-31", unit = "bakery.service") =>
  `[${unit} ${rule}]\nreason = the oven needs it\nuntil = ${until}\n`;

describe("baseline", () => {
  const table: readonly (readonly [string, Scene, readonly string[]])[] = [
    [
      "nothing known: all of it is new and fails",
      { units: { "bakery.service": sloppy } },
      [`!new ${ignored}`, `!new ${unknown}`],
    ],
    [
      "known: passes",
      { units: { "bakery.service": sloppy }, baseline: both },
      [`baseline ${ignored}`, `baseline ${unknown}`],
    ],
    [
      "new: fails, beside what is known",
      { units: { "bakery.service": sloppy }, baseline: `${unknown}\n` },
      [`!new ${ignored}`, `baseline ${unknown}`],
    ],
    [
      "gone: passes, and the stale line is said",
      { units: { "bakery.service": clean }, baseline: `${unknown}\n` },
      ["notice bakery.service stale-baseline unknown-directive ProtectHom"],
    ],
    [
      "moved to another line, section and file: still known",
      {
        units: {
          "bakery.service": `\n# moved\n\n${clean}`,
          "bakery.service.d/10-more.conf": "[Service]\nPrivateTmp=maybe\n\nProtectHom=yes\n",
        },
        baseline: both,
      },
      [`baseline ${ignored}`, `baseline ${unknown}`],
    ],
    [
      "unit renamed: new under its new name, stale under the old one",
      { units: { "oven.service": service("ProtectHom=yes") }, baseline: `${unknown}\n` },
      [
        "notice bakery.service stale-baseline unknown-directive ProtectHom",
        "!new oven.service unknown-directive ProtectHom",
      ],
    ],
    [
      "unit renamed, with an alias of the old name: still known",
      {
        units: { "oven.service": service("ProtectHom=yes"), "bakery.service": { link: "oven.service" } },
        baseline: `${unknown}\n`,
      },
      ["baseline oven.service unknown-directive ProtectHom"],
    ],
    [
      "rule renamed: known by its old name",
      {
        units: { "bakery.service": clean },
        packs: [lamps],
        baseline: "bakery.service old-lamp PrivateNetwork\n",
      },
      ["baseline bakery.service lamp-left-on PrivateNetwork"],
    ],
    [
      "a diagnostic's code counts as the rule that took it over",
      {
        units: { "bakery.service": service("ProtectHom=yes") },
        baseline: "bakery.service unknown-key-meant ProtectHom\n",
      },
      [`baseline ${unknown}`],
    ],
    [
      "duplicate: a second of the same kind is new",
      { units: { "bakery.service": service("ProtectHom=yes", "ProtectHom=no") }, baseline: `${unknown}\n` },
      [`baseline ${unknown}`, `!new ${unknown}#2`],
    ],
    [
      "duplicate line in the file: counts once",
      { units: { "bakery.service": service("ProtectHom=yes") }, baseline: `${unknown}\n${unknown}\n` },
      [`baseline ${unknown}`],
    ],
    [
      "worse: a higher exposure than the accepted one fails",
      { units: { "bakery.service": clean }, policy: bar, baseline: "bakery.service exposure - 60\n" },
      ["!worse bakery.service exposure"],
    ],
    [
      "better: passes, and the measure that can come down is said",
      { units: { "bakery.service": clean }, policy: bar, baseline: "bakery.service exposure - 99\n" },
      ["baseline bakery.service exposure", "notice bakery.service stale-baseline exposure"],
    ],
    [
      "merged from two branches: both sides' lines hold, in any order",
      { units: { "bakery.service": sloppy }, baseline: `${unknown}\r\n${ignored}\n${unknown}\n` },
      [`baseline ${ignored}`, `baseline ${unknown}`],
    ],
    [
      "merged with two measures: the lower one counts",
      {
        units: { "bakery.service": clean },
        policy: bar,
        baseline: "bakery.service exposure - 99\nbakery.service exposure - 60\n",
      },
      ["!worse bakery.service exposure"],
    ],
    [
      "another unit's lines, while only one was looked at: nothing is stale",
      { units: { "bakery.service": clean }, baseline: "mill.service unknown-directive X\n", isWhole: false },
      [],
    ],
  ];

  it.each(table)("%s", (_, scene, lines) => {
    const gated = gateOf(scene);
    expect(linesOf(gated)).toEqual(lines);
    expect(gated.result.verdict).toBe(lines.some(line => line.startsWith("!")) ? "failed" : "passed");
  });

  it("refuses the marks that a merge left", () => {
    const names = ruleNames([]);
    const text = `<<<<<<< ours\n${unknown}\n=======\n${ignored}\n>>>>>>> theirs\n`;
    const { diagnostics, entries } = parseBaseline(text, "tightunit.baseline", names);
    expect(diagnostics.map(each => [each.code, each.severity, each.position?.line])).toEqual([
      ["gate-baseline-conflict", "error", 1],
      ["gate-baseline-conflict", "error", 3],
      ["gate-baseline-conflict", "error", 5],
    ]);
    expect(entries.size).toBe(2);
  });

  it("updates by taking out and lowering only, and takes in when asked", () => {
    const text = "bakery.service exposure - 99\nbakery.service unknown-directive Gone\n";
    const gated = gateOf({ units: { "bakery.service": sloppy }, policy: bar, baseline: text });
    const exposure = gated.found[0]?.exposure;
    const lines = (written: string) =>
      written.split("\n").filter(line => line !== "" && !line.startsWith("#"));
    expect(lines(gated.updated("remove"))).toEqual([`bakery.service exposure - ${exposure}`]);
    expect(lines(gated.updated("add"))).toEqual([`bakery.service exposure - ${exposure}`, ignored, unknown]);
  });

  it("keeps what is worse at what was accepted, unless it is to take that in", () => {
    const gated = gateOf({
      units: { "bakery.service": clean },
      policy: bar,
      baseline: "bakery.service exposure - 60\n",
    });
    expect(gated.updated("remove")).toContain("bakery.service exposure - 60\n");
    expect(gated.updated("add")).toContain(`bakery.service exposure - ${gated.found[0]?.exposure}\n`);
  });

  it("is the same whatever order units come in, and has no times", () => {
    const units = { "b.service": sloppy, "a.service": sloppy, "c@.service": sloppy };
    const { fresh } = gateOf({ units });
    expect(fresh).toBe(gateOf({ units: Object.fromEntries(Object.entries(units).reverse()) }).fresh);
    expect(fresh.split("\n").slice(1, -1)).toEqual(fresh.split("\n").slice(1, -1).toSorted());
    expect(fresh).toContain("c@.service ignored-value PrivateTmp\n");
  });
});

describe("waivers", () => {
  const one = { "bakery.service": service("ProtectHom=yes") };
  const inline = (comment: string) => ({ "bakery.service": `${comment}\n${service("ProtectHom=yes")}` });
  const table: readonly (readonly [string, Scene, readonly string[]])[] = [
    [
      "waived: passes and stays visible",
      { units: one, waivers: waiver("unknown-directive") },
      [`waived ${unknown}`],
    ],
    [
      "on its last day: still holds",
      { units: one, waivers: waiver("unknown-directive", "2026-11-23") },
      [`waived ${unknown}`],
    ],
    [
      "expired: what it covered fails, and so does the waiver",
      { units: one, waivers: waiver("unknown-directive", "2026-11-22") },
      ["!new bakery.service expired-waiver unknown-directive", `!new ${unknown}`],
    ],
    [
      "expired and known: the waiver fails, the finding does not",
      { units: one, waivers: waiver("unknown-directive", "2026-11-22"), baseline: `${unknown}\n` },
      ["!new bakery.service expired-waiver unknown-directive", `baseline ${unknown}`],
    ],
    [
      "unused: passes, and is said",
      { units: { "bakery.service": clean }, waivers: waiver("unknown-directive") },
      ["notice bakery.service unused-waiver unknown-directive"],
    ],
    [
      "unused for a unit that was not looked at: nothing",
      {
        units: { "bakery.service": clean },
        waivers: waiver("exposure", "2027-01-31", "mill.service"),
        isWhole: false,
      },
      [],
    ],
    [
      "known and waived: waived, and the line of the baseline is not stale",
      { units: one, waivers: waiver("unknown-directive"), baseline: `${unknown}\n` },
      [`waived ${unknown}`],
    ],
    [
      "moved: holds wherever the line stands",
      {
        units: { "bakery.service": clean, "bakery.service.d/1.conf": "[Service]\nProtectHom=yes\n" },
        waivers: waiver("unknown-directive"),
      },
      [`waived ${unknown}`],
    ],
    [
      "unit renamed: new, and the waiver is unused",
      { units: { "oven.service": service("ProtectHom=yes") }, waivers: waiver("unknown-directive") },
      [
        "notice bakery.service unused-waiver unknown-directive",
        "!new oven.service unknown-directive ProtectHom",
      ],
    ],
    [
      "unit renamed, with an alias of the old name: holds",
      {
        units: { "oven.service": service("ProtectHom=yes"), "bakery.service": { link: "oven.service" } },
        waivers: waiver("unknown-directive"),
      },
      ["waived oven.service unknown-directive ProtectHom"],
    ],
    [
      "rule renamed: holds by its old name",
      { units: { "bakery.service": clean }, packs: [lamps], waivers: waiver("old-lamp") },
      ["waived bakery.service lamp-left-on PrivateNetwork"],
    ],
    [
      "by a pattern: holds for each unit that fits",
      {
        units: { "web-a.service": service("ProtectHom=yes"), "web-b.service": service("ProtectHom=yes") },
        waivers: waiver("unknown-directive", "2027-01-31", "web-*"),
      },
      [
        "waived web-a.service unknown-directive ProtectHom",
        "waived web-b.service unknown-directive ProtectHom",
      ],
    ],
    [
      "of one subject: not of another",
      {
        units: { "bakery.service": service("ProtectHom=yes", "ProtectHous=yes") },
        waivers: waiver("unknown-directive ProtectHom"),
      },
      [`waived ${unknown}`, "!new bakery.service unknown-directive ProtectHous"],
    ],
    [
      "duplicate: the one that ends last counts, the other is unused",
      {
        units: one,
        waivers: waiver("unknown-directive", "2026-11-25", "bakery*") + waiver("unknown-directive"),
      },
      ["notice bakery* unused-waiver unknown-directive", `waived ${unknown}`],
    ],
    [
      "merged from two branches: both sides' sections hold",
      { units: { "bakery.service": sloppy }, waivers: waiver("ignored-value") + waiver("unknown-directive") },
      [`waived ${ignored}`, `waived ${unknown}`],
    ],
    [
      "inline: holds for the unit that it stands in",
      { units: inline('# tightunit: ignore=unknown-directive until=2027-01-31 reason="the oven needs it"') },
      [`waived ${unknown}`],
    ],
    [
      "inline, several rules at once",
      {
        units: {
          "bakery.service": `; tightunit: ignore=unknown-directive,ignored-value until=2027-01-31 reason=oven\n${sloppy}`,
        },
      },
      [`waived ${ignored}`, `waived ${unknown}`],
    ],
    [
      "inline in a drop-in that several units read: used by one is used",
      {
        units: {
          ...one,
          "mill.service": clean,
          "service.d/all.conf": "# tightunit: ignore=unknown-directive until=2027-01-31 reason=oven\n",
        },
      },
      [`waived ${unknown}`],
    ],
    [
      "inline and expired: fails",
      { units: inline("# tightunit: ignore=unknown-directive until=2026-01-31 reason=oven") },
      ["!new bakery.service expired-waiver unknown-directive", `!new ${unknown}`],
    ],
    [
      "inline without a reason: covers nothing, and fails",
      { units: inline("# tightunit: ignore=unknown-directive until=2027-01-31") },
      ["!new bakery.service bad-waiver unknown-directive", `!new ${unknown}`],
    ],
    [
      "without a last day: covers nothing, and fails",
      { units: one, waivers: "[bakery.service unknown-directive]\nreason = oven\n" },
      ["!new bakery.service bad-waiver unknown-directive", `!new ${unknown}`],
    ],
    [
      "with a day that is none: covers nothing, and fails",
      { units: one, waivers: waiver("unknown-directive", "2027-02-30") },
      ["!new bakery.service bad-waiver unknown-directive", `!new ${unknown}`],
    ],
    [
      "of a rule that there never was: fails",
      { units: { "bakery.service": clean }, waivers: waiver("unknown-direktive") },
      ["!new bakery.service bad-waiver unknown-direktive"],
    ],
    [
      "of a rule about waivers: fails",
      { units: { "bakery.service": clean }, waivers: waiver("expired-waiver") },
      ["!new bakery.service bad-waiver expired-waiver"],
    ],
  ];

  it.each(table)("%s", (_, scene, lines) => {
    const gated = gateOf(scene);
    expect(linesOf(gated)).toEqual(lines);
    expect(gated.result.verdict).toBe(lines.some(line => line.startsWith("!")) ? "failed" : "passed");
  });

  it("fails for an unused waiver or a stale line where the policy says error", () => {
    const policy = policyOf({ rules: new Map([["unused-waiver", "error"]]) });
    const { result } = gateOf({ units: { "bakery.service": clean }, policy, waivers: waiver("exposure") });
    expect(result.verdict).toBe("failed");
  });
});
