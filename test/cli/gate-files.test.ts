// The gate and its neighbours as commands: files beside the configuration, packs, revisions, patches.
import { execFileSync, spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { gitTree, isRevisionName } from "../../src/host/git-tree.ts";
import { markdownCode, markdownText } from "../../src/report/markdown.ts";
import { type Run, run } from "./run.ts";

const hasGit = spawnSync("git", ["--version"]).status === 0;
const withoutGit = hasGit ? "" : " (skipped: git is not installed)";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tightunit-gate-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const put = (path: string, text: string) => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
};
const tight = (...argv: readonly string[]): Promise<Run> => run(argv, { cwd: folder });
const git = (...args: readonly string[]) =>
  execFileSync("git", ["-c", "user.name=B", "-c", "user.email=b@example.org", ...args], {
    cwd: folder,
    stdio: "pipe",
  });
const commit = (message: string) => {
  git("init", "--quiet", "--initial-branch=main");
  git("add", ".");
  git("commit", "--quiet", "--allow-empty", `--message=${message}`);
};

const service = "[Service]\nExecStart=/usr/bin/oven\nUser=baker\n";
const conf = "[audit]\nsystemd = 257\n[gate]\nmax-exposure = 5.0\n";

describe("gate with its files", () => {
  it("fails, is given a baseline, passes, and fails again for what is new", async () => {
    put("tightunit.conf", conf);
    put("units/bakery.service", service);
    expect((await tight("gate", "units")).code).toBe(1);
    expect(await tight("baseline", "units")).toMatchObject({
      code: 0,
      stdout: "tightunit.baseline: 1 finding, 1 added\n",
    });
    expect(await tight("gate", "units")).toMatchObject({
      code: 0,
      stdout: "passed: 1 unit (1 in the baseline)\n",
    });
    put("units/oven.service", service);
    expect((await tight("gate", "units")).stdout).toContain(
      "units/oven.service:1: error: The exposure is 9.0",
    );
    expect(await tight("baseline", "units")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("--update"),
    });
    await tight("baseline", "--update", "units");
    expect((await tight("gate", "units")).code).toBe(1);
    await tight("baseline", "--update", "--add", "units");
    expect((await tight("gate", "units")).code).toBe(0);
    rmSync(join(folder, "units/oven.service"));
    expect((await tight("gate", "units")).stdout).toContain("[stale-baseline]");
    expect((await tight("baseline", "--update", "units")).stdout).toContain("1 removed");
  });

  it.each([
    ["the option", ["--baseline", "new.baseline"], ""],
    ["the configuration", [], "baseline = new.baseline\n"],
  ])("makes the baseline that %s names, where the gate wants it to be there", async (_, options, line) => {
    put("tightunit.conf", conf + line);
    put("units/bakery.service", service);
    const gone = { code: 2, stderr: expect.stringContaining("no such file: new.baseline") };
    expect(await tight("gate", "units", ...options)).toMatchObject(gone);
    expect(await tight("baseline", "--update", "units", ...options)).toMatchObject({ code: 2 });
    expect((await tight("baseline", "units", ...options)).stdout).toContain("new.baseline: 1 finding");
    expect((await tight("gate", "units", ...options)).code).toBe(0);
  });

  it("takes systemd's policy from where the configuration says, below its folder or not", async () => {
    put("units/bakery.service", service);
    put("weights.json", '{ "PrivateTmp": { "weight": 0 } }');
    const scored = async (file: string) => {
      put("tightunit.conf", `[gate]\nmax-exposure = 1\nsecurity-policy = ${file}\n`);
      return (await tight("gate", "units")).stdout;
    };
    expect(await scored(join(folder, "weights.json"))).toBe(await scored("weights.json"));
    expect(await scored("weights.json")).toContain("[exposure]");
  });

  it("does not take the findings of other units for mended", async () => {
    put("tightunit.conf", conf);
    put("units/bakery.service", service);
    put("image/etc/systemd/system/mill.service", service);
    await tight("baseline", "units");
    const before = readFileSync(join(folder, "tightunit.baseline"), "utf8");
    const { code, stderr } = await tight("baseline", "--update", "--root", "image");
    expect([code, stderr]).toEqual([2, expect.stringContaining("none of the units of tightunit.baseline")]);
    expect(readFileSync(join(folder, "tightunit.baseline"), "utf8")).toBe(before);
  });

  it("reads waivers beside the configuration, by the day that it is told", async () => {
    put("tightunit.conf", conf);
    put("tightunit.waivers", "[bakery.service exposure]\nreason = new unit in May\nuntil = 2026-12-31\n");
    put("units/bakery.service", service);
    const on = (day: string) => tight("gate", "units", "--date", day);
    expect((await on("2026-12-31")).stdout).toMatch(/waived: .*new unit in May \[exposure\]\npassed/);
    expect((await on("2027-01-01")).stdout).toMatch(/tightunit\.waivers:1: error: .*\[expired-waiver\]/);
    expect((await on("tomorrow")).code).toBe(2);
  });

  it.each([
    ["[gate]\nrequire[] = protectsystem", "A demand looks like"],
    ["[gate]\nrequire[] = ProtectSystem=fulll", "the policy asks for ProtectSystem=fulll"],
    ["[rules]\nPrivatTmp = error", "did you mean PrivateTmp?"],
    ["[packs]\ntrap = off", "did you mean traps?"],
    ['[kind "rot"]\nmax-exposure = 3', "did you mean root?"],
    ["[gate]\nwaivers = mine.waivers", "no such file: mine.waivers"],
    ["[gate]\nsecurity-policy = nope.json", "no such file"],
    ["[gate]\npacks[] = @house/rules", 'There is no pack "@house/rules"'],
  ])("says what is wrong with %j", async (text, problem) => {
    put("tightunit.conf", text);
    put("units/bakery.service", service);
    const { code, stderr } = await tight("gate", "units");
    expect(stderr).toContain(problem);
    expect(code).toBe(2);
  });

  it("says where a systemd is too old for the policy", async () => {
    put("tightunit.conf", "[audit]\nsystemd = 252\n[gate]\nmin-systemd = 255\n");
    put("units/bakery.service", service);
    expect((await tight("gate", "units")).stdout).toContain(
      "read for systemd 252; the policy wants 255 or later",
    );
  });

  it("writes safe proposals for what fails as patches that git takes", async () => {
    put("tightunit.conf", conf);
    put("units/bakery.service", service);
    await tight("gate", "units", "--fix", "patches");
    expect(readdirSync(join(folder, "patches"))).toEqual(["bakery.service.patch"]);
    const { stdout, stderr } = await tight("gate", "units", "--fix", "-");
    expect(stdout).toBe(readFileSync(join(folder, "patches/bakery.service.patch"), "utf8"));
    expect(stderr).toContain("failed: 1 finding");
    if (!hasGit) return;
    git("init", "--quiet");
    git("apply", "patches/bakery.service.patch");
    expect(readFileSync(join(folder, "units/bakery.service.d/50-tightunit.conf"), "utf8")).toContain(
      "[Service]",
    );
  });
});

describe("packs of an organisation", () => {
  const pack = JSON.stringify({
    pack: "house",
    title: "House rules",
    rules: [
      {
        rule: "no-network",
        severity: "error",
        title: "Bread needs no network",
        message: "{directive}= is {value}: bread needs no network.",
        explanation: "It does not.",
        detect: {
          kind: "settings",
          at: "PrivateNetwork",
          all: [{ directive: "PrivateNetwork", is: ["no"] }],
        },
        examples: { bad: [{ unit: service }], good: [{ unit: `${service}PrivateNetwork=yes\n` }] },
      },
    ],
  });
  const installed = (packs: readonly string[]) => {
    put("units/bakery.service", service);
    put(
      "node_modules/@house/rules/package.json",
      JSON.stringify({ name: "@house/rules", tightunit: { packs } }),
    );
    put("node_modules/@house/rules/pack.json", pack);
    put("project/tightunit.conf", "[gate]\npacks[] = @house/rules\n");
  };
  const gate = () => run(["gate", "../units"], { cwd: join(folder, "project") });

  it("come from a path", async () => {
    put("tightunit.conf", "[gate]\npacks[] = rules/house.json\n");
    put("rules/house.json", pack);
    put("units/bakery.service", service);
    const { stdout } = await run(["gate", "."], { cwd: join(folder, "units") });
    expect(stdout).toContain("PrivateNetwork= is no: bread needs no network. [no-network]");
  });

  it("come from an installed package, found as node finds it", async () => {
    installed(["pack.json"]);
    expect((await gate()).stdout).toContain("[no-network]");
  });

  it("are read and never run, and only from inside the package", async () => {
    put("secret.json", pack);
    installed(["pack.js"]);
    expect((await gate()).stderr).toContain("no .json file");
    installed(["../../../secret.json"]);
    expect((await gate()).stderr).toContain("outside of it");
    installed(["link.json"]);
    symlinkSync(join(folder, "secret.json"), join(folder, "node_modules/@house/rules/link.json"));
    expect((await gate()).stderr).toContain("outside of it");
    installed([]);
    expect((await gate()).stderr).toContain("names no packs");
  });
});

describe.skipIf(!hasGit)(`revisions of git${withoutGit}`, () => {
  it("are compared with each other, with folders and with earlier audits", async () => {
    put("units/bakery.service", `${service}PrivateTmp=yes\n`);
    commit("one");
    const { stdout: audit } = await tight("audit", "units", "--systemd", "257", "--format", "ndjson");
    put("units/bakery.service", service);
    put("old.ndjson", audit);
    const worse =
      /bakery\.service {2}\d\.\d → 9\.0 {2}worse\n {2}\+ PrivateTmp: not set \(was .*units\/bakery\.service:4/;
    for (const old of ["HEAD", "old.ndjson"]) {
      const { code, stdout } = await tight("compare", old, "units", "--systemd", "257");
      expect(stdout, old).toMatch(worse);
      expect(code, old).toBe(1);
    }
    commit("two");
    expect((await tight("compare", "HEAD~1", "HEAD", "--systemd", "257")).stdout).toMatch(worse);
    expect(await tight("compare", "HEAD", "HEAD~1", "--systemd", "257")).toMatchObject({ code: 0 });
    expect((await tight("compare", "HEAD", "HEAD")).stdout).toBe("nothing changed: 1 unit\n");
  });

  it("include drop-ins and links, and nothing of the working folder", async () => {
    put("units/bakery.service", service);
    put("units/bakery.service.d/10.conf", "[Service]\nPrivateTmp=yes\n");
    symlinkSync("bakery.service", join(folder, "units/oven.service"));
    commit("one");
    rmSync(join(folder, "units"), { recursive: true });
    const { tree, commit: name } = await gitTree(folder, "HEAD");
    expect(name).toMatch(/^[0-9a-f]{40}$/);
    expect(tree.readDirectory("/units")).toEqual(["bakery.service", "bakery.service.d", "oven.service"]);
    expect(tree.readLink("/units/oven.service")).toBe("bakery.service");
  });

  it.each([
    "--output=/tmp/x",
    "-x",
    "HEAD:units",
    "a..b",
    "HEAD\nx",
    "$(touch x)",
    "",
    "@{-1} ",
    ":/fix",
    "HEAD^{/fix}",
  ])("take no name like %j", async name => {
    expect(isRevisionName(name)).toBe(false);
    await expect(gitTree(folder, name)).rejects.toMatchObject({ diagnostic: { code: "git-bad-revision" } });
  });

  it("run nothing of the repository", async () => {
    put("units/bakery.service", service);
    put(".gitattributes", "*.service filter=evil diff=evil\n");
    commit("one");
    const touch = `touch ${join(folder, "ran")}`;
    for (const key of [
      "filter.evil.smudge",
      "filter.evil.clean",
      "diff.evil.textconv",
      "core.fsmonitor",
      "core.sshCommand",
    ])
      git("config", key, touch);
    await tight("gate", "--against", "HEAD", "--max-exposure", "10");
    expect(existsSync(join(folder, "ran"))).toBe(false);
  });

  it("say what is missing", async () => {
    put("units/bakery.service", service);
    expect((await tight("gate", "--against", "main", "units")).stderr).toContain("is in no git repository");
    commit("one");
    expect((await tight("gate", "--against", "mian", "units")).stderr).toContain('no revision "mian"');
    expect((await tight("compare", "nope/", "HEAD")).code).toBe(2);
  });

  it("let a new unit and a removed one be", async () => {
    put("units/bakery.service", service);
    commit("one");
    rmSync(join(folder, "units/bakery.service"));
    put("units/oven.service", service);
    const { code, stdout } = await tight("gate", "--against", "HEAD", "--format", "markdown");
    expect(code).toBe(0);
    expect(stdout).toContain("| `oven.service` | - |");
    expect(stdout).toContain("| `bakery.service` |");
  });
});

describe("compare", () => {
  it("takes folders, and says what is no audit", async () => {
    put("a/bakery.service", service);
    cpSync(join(folder, "a"), join(folder, "b"), { recursive: true });
    expect(await tight("compare", "a", "b")).toMatchObject({ code: 0, stdout: "nothing changed: 1 unit\n" });
    put("bad.json", '{"units": [{"name": "x"}]}');
    put("worse.ndjson", '{"name": "x"}\n{');
    expect((await tight("compare", "bad.json", "b")).stderr).toContain("bad.json is no JSON of an audit");
    expect((await tight("compare", "worse.ndjson", "b")).stderr).toContain("line 2 is no JSON");
    expect((await tight("compare", "a")).code).toBe(2);
  });
});

describe("the units of the configuration", () => {
  it("are judged where nothing is named, from its folder, wherever the command runs", async () => {
    put("units/bakery.service", service);
    put("other/mill.service", `${service}ProtectSystem=strict\n`);
    put("tightunit.conf", "[gate]\nunits[] = units\nmax-exposure = 1.0\n");
    mkdirSync(join(folder, "deep"));
    for (const cwd of [folder, join(folder, "deep")]) {
      const { stdout, code } = await run(["gate", "--systemd", "257"], { cwd });
      expect(code).toBe(1);
      expect(stdout).toContain("bakery.service");
      expect(stdout).not.toContain("mill.service");
    }
    expect((await tight("gate", "other")).stdout).toContain("mill.service");
    expect((await tight("gate", "other")).stdout).not.toContain("bakery.service");
  });

  it("are all that there are: what the baseline has of others is gone", async () => {
    put("units/bakery.service", service);
    put("units/mill.service", service);
    put(
      "tightunit.conf",
      "[gate]\nunits[] = units/bakery.service\nunits[] = units/mill.service\nmax-exposure = 1.0\n",
    );
    await tight("baseline");
    expect((await tight("gate")).code).toBe(0);
    put("tightunit.conf", "[gate]\nunits[] = units/bakery.service\nmax-exposure = 1.0\n");
    expect((await tight("gate")).stdout).toContain("mill.service");
    expect((await tight("baseline", "--update")).stdout).toContain("removed");
  });
});

describe("init", () => {
  it("says what fails whatever the bar", async () => {
    put("units/bakery.service", `${service}PrivatTmp=yes\nProtectHome=tmfs\n`);
    put("units/mill.service", "[Service]\nExecStart=/usr/bin/mill\nUser=ba:ker\n");
    expect((await tight("init", "--systemd", "257")).stdout).toContain(
      "3 findings will fail whatever the bar",
    );
    expect((await tight("gate")).stdout).toContain("failed: 3 findings");
    await tight("baseline");
    expect((await tight("gate")).code).toBe(0);
  });

  it("writes a configuration that the units pass, and overwrites none", async () => {
    put("units/bakery.service", service);
    expect(await tight("init", "--systemd", "257")).toMatchObject({
      code: 0,
      stdout: "wrote tightunit.conf; now: tightunit gate\n",
    });
    expect(readFileSync(join(folder, "tightunit.conf"), "utf8")).toContain("max-exposure = 9.0");
    const { code, stdout } = await tight("gate");
    expect(code).toBe(0);
    expect(stdout).toContain("1 unit");
    expect((await tight("init")).code).toBe(2);
    expect((await tight("init", "--output", "-")).stdout).toContain("[gate]");
  });

  it("writes lines that the configuration's reader takes, comments among them", async () => {
    put("units/bakery.service", service);
    const { stdout } = await tight("init", "--output", "-", "--systemd", "257");
    const whole = stdout
      .replaceAll(/^# (\w[\w-]*(\[\])? = .*|\[.*\])$/gm, "$1")
      .split("\n")
      .filter(line => !/^(root|packs\[\]|security-policy|waivers|baseline|\w+-\w+ = tight)/.test(line));
    put("tightunit.conf", whole.join("\n"));
    const { stderr } = await tight("gate", "units");
    expect(stderr).toBe("");
  });
});

describe("Markdown of hostile names", () => {
  it.each([
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "a|b",
    "`code`",
    "@everyone",
    "https://example.org",
    "line\nbreak",
    "\u001b[31mred",
    "\u202egnp",
  ])("keeps %j words", text => {
    const words = markdownText(text);
    expect(words).not.toMatch(/[\n<>\u001b\u202e@]|(?<!\\)[|`[\]]|:\/\//);
    expect(markdownCode(text)).not.toMatch(/[\n\u001b\u202e]|(?<!\\)\|/);
  });
});
