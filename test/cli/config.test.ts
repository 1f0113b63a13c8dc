import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { loadConfig, parseConfig } from "../../src/cli/config.ts";
import { withConfig } from "../../src/cli/with-config.ts";
import { memoryTree } from "../../src/host/memory-tree.ts";

/** Each problem as `line code args`. */
const problemsOf = (text: string) =>
  parseConfig(text, "tightunit.conf").diagnostics.map(({ code, position, args }) =>
    [position?.line, code, ...Object.values(args ?? {})].join(" "),
  );

const whole = `
# what we hold our units to
[audit]
systemd = 252
scope = user
format = "ndjson"
arch = arm64
[gate]
max-exposure = 4.5
[fix]
level = strict
target = 2.5
only[] = ProtectSystem
only[] = 'PrivateTmp'
except[] = ProtectHome
max-risk = 2
`;

describe("parseConfig", () => {
  it("reads every section", () => {
    const { config, diagnostics } = parseConfig(whole, "tightunit.conf");
    expect(diagnostics).toEqual([]);
    expect(config).toEqual({
      audit: { systemd: "252", scope: "user", format: "ndjson", arch: "arm64" },
      gate: { "max-exposure": "4.5" },
      fix: {
        level: "strict",
        target: "2.5",
        only: ["ProtectSystem", "PrivateTmp"],
        except: ["ProtectHome"],
        "max-risk": "2",
      },
    });
  });

  it.each([
    ["[audit]\nsystemd = 252 ; the oldest", ["2 config-value-cut systemd 252 ; the oldest"]],
    ["[audit]\nroot = /srv/a#b", ["2 config-value-cut root /srv/a#b"]],
    ['[audit]\nroot = "/srv/a" # b', ['2 config-open-quote root "/srv/a" # b']],
    ['[audit]\nroot = "/srv/a', ['2 config-open-quote root "/srv/a']],
    ["[audit]\nsystem = 252", ["2 config-unknown-key audit system systemd"]],
    ["[audti]\nsystemd = 252", ["1 config-unknown-section audti audit"]],
    ["\n[audit]\n\nscope = systm", ["4 config-not-one-of scope systm system, user system"]],
    [
      "[gate]\nmax-exposure = 11",
      ["2 config-bad-value max-exposure 11 A number from 0.0 to 10.0 with at most one decimal."],
    ],
    ["[fix]\nonly = ProtectHome", ["2 config-no-list only"]],
    ["[fix]\nlevel[] = safe", ["2 config-is-list level"]],
    ["[fix]\ntarget[] = 2", ["2 config-is-list target"]],
    ["[audit]\nsystemd = 252\nsystemd = 257", ["3 config-twice systemd"]],
    ["systemd = 252", ["1 config-outside-section systemd"]],
    ["[audit]\nsystemd", ["2 config-no-assignment systemd"]],
    ["[audit]\nsystemd =", ["2 config-no-value systemd "]],
    ["[audit\nsystemd = 252", ["1 config-bad-header [audit"]],
    ["[audit] ; of ours\n", ["1 config-bad-header [audit] ; of ours"]],
    ["[__proto__]\npolluted = yes", ["1 config-unknown-section __proto__"]],
    ["[audit]\n__proto__ = x", ["2 config-unknown-key audit __proto__"]],
    ["[constructor.prototype]\npolluted = yes", ["1 config-unknown-section constructor.prototype"]],
    ['[unit "web-*"]\nmax-exposure = 5\n[unit "web-*"]\n', ['3 config-twice [unit "web-*"]']],
    ['[unit "web-*"]\nexposure = 5', ['2 config-unknown-key unit "web-*" exposure']],
    ["[unit:0]\nmax-exposure = 5", ["1 config-bad-header [unit:0]"]],
    ["[rules]\nPrivateTmp = fatal", ["2 config-not-one-of PrivateTmp fatal off, note, warning, error"]],
  ])("says what is wrong in %j", (text, problems) => {
    expect(problemsOf(text)).toEqual(problems);
    expect(parseConfig(text, "tightunit.conf").config).toEqual({});
    expect("polluted" in {}).toBe(false);
  });

  it.each([
    "javascript:alert(1){rule}",
    "https://wiki.example.org/",
    "https:///{rule}",
    "https://wiki.example.org/{rule}/{page}",
    "https://wiki.example.org/<{rule}>",
  ])("takes no %s for the pages of rules", url => {
    expect(problemsOf(`[report]\ndocs-url = ${url}`)).toEqual([
      expect.stringContaining(`2 config-bad-value docs-url ${url} A web address with {rule} in it`),
    ]);
  });

  it("keeps quoted and escaped ; and #", () => {
    expect(parseConfig('[audit]\nroot = "/srv/a;b#c"', "f").config.audit?.root).toBe("/srv/a;b#c");
    expect(parseConfig("[audit]\nroot = /srv/a\\;b", "f").config.audit?.root).toBe("/srv/a;b");
  });

  it("never gives a part of a value: what is accepted is what was written", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 20 }), text => {
        const value = text.trim();
        const { config, diagnostics } = parseConfig(`[audit]\nroot = ${value}\n`, "f");
        if (diagnostics.length > 0) return;
        const unquoted = /^(["']).*\1$/s.test(value) ? value.slice(1, -1) : value;
        expect(config.audit?.root?.replaceAll(/\\/g, "")).toBe(unquoted.replaceAll(/\\/g, ""));
      }),
    );
  });

  it("never throws and never hangs, whatever comes in", () => {
    const piece = fc.constantFrom(
      "[",
      "]",
      "=",
      ";",
      "#",
      '"',
      "'",
      "\\",
      "\n",
      "audit",
      "__proto__",
      "only[]",
      " ",
      ".",
      "\0",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), pieces => void parseConfig(pieces.join(""), "f")),
      { numRuns: 2000 },
    );
  });
});

describe("loadConfig", () => {
  const tree = memoryTree({
    "/srv/project/tightunit.conf": "[audit]\nroot = image\n",
    "/srv/project/units/deep/x.service": "",
    "/srv/other/strict.conf": "[fix]\nlevel = strict\n",
    "/srv/folder/tightunit.conf": { directory: true },
  });

  it("finds the file in the folder or above it, and takes paths from its folder", () => {
    expect(loadConfig("/srv/project/units/deep", undefined, tree)).toEqual({
      config: { audit: { root: "/srv/project/image" } },
      file: "/srv/project/tightunit.conf",
      diagnostics: [],
    });
    expect(loadConfig("/srv/folder", undefined, tree)).toEqual({ config: {}, diagnostics: [] });
  });

  it("reads the file that was asked for, and says that it is missing", () => {
    expect(loadConfig("/srv", "other/strict.conf", tree).config.fix?.level).toBe("strict");
    expect(loadConfig("/srv", "nope.conf", tree).diagnostics[0]?.code).toBe("config-missing");
  });
});

describe("withConfig", () => {
  const folder = mkdtempSync(join(tmpdir(), "tightunit-config-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const warnings: string[] = [];
  const terminal = { cwd: folder, warn: (text: string) => void warnings.push(text) };

  it("fills what was not typed, and leaves what was", () => {
    writeFileSync(join(folder, "tightunit.conf"), whole);
    expect(
      withConfig({ name: "audit", options: { units: ["x"], systemd: "257", user: false } }, terminal).options,
    ).toMatchObject({
      units: ["x"],
      systemd: "257",
      user: false,
      arch: "arm64",
      format: "ndjson",
    });
    expect(
      withConfig({ name: "gate", options: { units: [], format: "text" } }, terminal).options,
    ).toMatchObject({
      configured: { folder, config: { gate: { "max-exposure": "4.5" } } },
      user: true,
    });
    expect(
      withConfig({ name: "fix", options: { units: [], format: "diff", level: "safe" } }, terminal).options,
    ).toMatchObject({
      level: "safe",
      only: "ProtectSystem,PrivateTmp",
      maxRisk: "2",
      target: "2.5",
    });
  });

  it("says every line that is wrong, and goes no further", () => {
    writeFileSync(join(folder, "tightunit.conf"), "[audit]\nsytemd = 252\nscope = x\n");
    expect(() => withConfig({ name: "audit", options: { units: [] } }, terminal)).toThrow("not usable");
    expect(warnings).toHaveLength(2);
    expect(warnings[0]).toContain("tightunit.conf:2:1: error: There is no sytemd in [audit].");
  });
});
