// --report and --format of gate and audit: what is written where, whole or not at all, and nothing else beside it.
import {
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
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import { parse as parseCsv } from "csv-parse/sync";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AUDIT_FORMATS, GATE_FORMATS } from "../../src/cli/command-options.ts";
import {
  cyclonedxErrors,
  errorsOf,
  hasXmllint,
  rawControl,
  sarifErrors,
  xmlErrors,
} from "../report/formats/validators.ts";
import { type Run, run } from "./run.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tightunit-reports-"));
  put("tightunit.conf", "[audit]\nsystemd = 257\n[gate]\nmax-exposure = 5.0\n");
  put("units/oven.service", "[Service]\nExecStart=/usr/bin/oven\nPrivatTmp=yes\n");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const put = (path: string, text: string): void => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
};
const written = (path: string): string => readFileSync(join(folder, path), "utf8");
const tight = (argv: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Run> =>
  run(argv, { cwd: folder, env });

describe("gate --report", () => {
  it("writes as many as are asked for, beside the text", async () => {
    const files = GATE_FORMATS.flatMap(name => [`--report`, `${name}=out.${name}`]);
    const { code, stdout } = await tight(["gate", "units", ...files]);
    expect(code).toBe(1);
    expect(stdout).toMatch(/failed: 2 findings in 1 of 1 unit\n$/);
    expect(
      readdirSync(folder)
        .filter(each => each.startsWith("out."))
        .toSorted(),
    ).toEqual(GATE_FORMATS.map(name => `out.${name}`).toSorted());
    expect(written("out.text")).toBe(stdout);
    expect(JSON.parse(written("out.json")).verdict).toBe("failed");
    expect(written("out.html")).toMatch(/^<!doctype html>/);
  });

  it.each(GATE_FORMATS.filter(each => each !== "text"))(
    "puts %s alone on the output, as --format does",
    async name => {
      const byReport = await tight(["gate", "units", "--report", `${name}=-`]);
      const byFormat = await tight(["gate", "units", "--format", name]);
      expect(byReport).toEqual(byFormat);
      expect(byReport.stdout).not.toContain("failed: 2 findings in 1 of 1 unit\n");
      expect(byReport.stderr).toBe("");
    },
  );

  it("names files from the top of the repository, wherever it is run", async () => {
    mkdirSync(join(folder, ".git"));
    const { stdout } = await run(["gate", "oven.service", "--format", "sarif"], {
      cwd: join(folder, "units"),
    });
    const [result] = JSON.parse(
      (await run(["gate", ".", "--format", "sarif"], { cwd: join(folder, "units") })).stdout,
    ).runs[0].results;
    expect(result.locations[0].physicalLocation.artifactLocation).toEqual({
      uri: "units/oven.service",
      uriBaseId: "%SRCROOT%",
    });
    expect(stdout).not.toContain(folder);
  });

  it("offers the drop-in where the unit fails", async () => {
    const { stdout } = await tight(["gate", "units", "--format", "sarif"]);
    expect(sarifErrors(JSON.parse(stdout))).toEqual([]);
    const fixes = JSON.parse(stdout).runs[0].results.flatMap(
      (each: { fixes?: object[] }) => each.fixes ?? [],
    );
    expect(fixes).toHaveLength(1);
    const [{ artifactLocation, replacements }] = fixes[0].artifactChanges;
    expect(artifactLocation.uri).toBe("units/oven.service.d/50-tightunit.conf");
    expect(replacements[0].insertedContent.text).toMatch(/\[Service\]\n/);
  });

  it("adds to the summary of a step what its annotations have no room for", async () => {
    put("summary.md", "# Before\n");
    const env = { GITHUB_STEP_SUMMARY: join(folder, "summary.md") };
    const { stdout } = await tight(["gate", "units", "--format", "github"], env);
    expect(stdout).toMatch(/^::error file=units\/oven\.service,line=1,col=1,title=/);
    expect(written("summary.md")).toMatch(/^# Before\n## tightunit gate: failed\n/);
    await tight(["gate", "units", "--report", "junit=o.xml"], env);
    expect(written("summary.md").match(/## tightunit gate/g)).toHaveLength(1);
  });

  it("replaces a file whole, and writes through no link", async () => {
    put("old.sarif", "x".repeat(100_000));
    await tight(["gate", "units", "--report", "sarif=old.sarif"]);
    expect(sarifErrors(JSON.parse(written("old.sarif")))).toEqual([]);
    put("precious", "mine");
    symlinkSync("precious", join(folder, "link.sarif"));
    const { code, stderr } = await tight(["gate", "units", "--report", "sarif=link.sarif"]);
    expect(code).toBe(2);
    expect(stderr).toContain("link.sarif");
    expect(written("precious")).toBe("mine");
    expect(readdirSync(folder).filter(each => each.includes(".tmp"))).toEqual([]);
  });

  it.each([
    [["--report", "sarf=x"], 'there is no format "sarf"; did you mean sarif?'],
    [["--report", "sarif"], "--report takes FORMAT=FILE"],
    [["--report", "sarif="], "--report takes FORMAT=FILE"],
    [["--report", "=x"], "--report takes FORMAT=FILE"],
    [["--report", "sarif=-", "--report", "json=-"], "the output takes one report"],
    [["--report", "sarif=-", "--format", "json"], "the output takes one report"],
    [["--report", "sarif=-", "--fix", "-"], "the output takes patches or a report"],
    [["--report", "sarif=x", "--report", "json=./x"], "two reports cannot be written to"],
    [["--report", "sarif=no/such/folder/x"], "no/such/folder"],
    [["--report", "sarif=units"], "units"],
    [["--format", "sarf"], "sarf"],
  ])("with %j says what is wrong", async (argv, problem) => {
    const { code, stderr } = await tight(["gate", "units", ...argv]);
    expect(stderr).toContain(problem);
    expect(code).toBe(2);
  });
});

describe("units that were made to break readers", () => {
  const hostile = Buffer.concat([
    Buffer.from("[Service]\nExecStart=/usr/bin/x\n"),
    Buffer.from("Privat\u001b[31mTmp=yes\n::error::boom=1\n]]>=<img src=x onerror=alert(1)>\n=cmd|calc=1\n"),
    Buffer.from("\u202eevil=\u2066x\nEnvironment=A=%%0A::warning::x\nUser=<script>\u0007\n@SUM(A1)=1\n"),
    Buffer.from([0x50, 0xff, 0xfe, 0x3d, 0x31, 0x0a]),
  ]);

  it("come out of every format as text", async () => {
    put("units/::error::x.service", "");
    writeFileSync(join(folder, "units/::error::x.service"), hostile);
    put("units/##[error]]]>.service", "[Service]\nExecStart=/bin/x\nPrivatTmp=1\n");
    put("units/=cmd.service", "[Service]\nExecStart=/bin/x\nPrivatTmp=1\n");
    put(
      "tightunit.waivers",
      "[oven.service exposure]\nreason = \u202e]]> ::error:: =1\nuntil = 2099-01-01\n",
    );
    const names = GATE_FORMATS.filter(each => each !== "html" && each !== "text");
    const files = names.flatMap(name => ["--report", `${name}=out.${name}`]);
    const { code, stdout } = await tight(["gate", "units", ...files]);
    expect(code).toBe(1);
    expect(rawControl(stdout)).toBeUndefined();
    for (const name of names) expect([name, rawControl(written(`out.${name}`))]).toEqual([name, undefined]);
    expect(sarifErrors(JSON.parse(written("out.sarif")))).toEqual([]);
    expect(cyclonedxErrors(JSON.parse(written("out.cyclonedx")))).toEqual([]);
    expect(
      written("out.github")
        .split("\n")
        .filter(each => !/^(::(error|warning|notice) file=|$)/.test(each)),
    ).toEqual([]);
    expect(written("out.github").match(/^::/gm)?.length).toBe(
      written("out.github").match(/::(error|warning|notice) file=/g)?.length,
    );
    for (const row of parseCsv(written("out.csv")) as string[][])
      for (const cell of row) expect(cell).not.toMatch(/^\s*[=+@]|^-\D/);
    if (hasXmllint) expect(xmlErrors([written("out.junit"), written("out.checkstyle")])).toBe("");
  });
});

describe("compare --format json", () => {
  it("follows its schema, whatever became of the units", async () => {
    put("old/bakery.service", "[Service]\nExecStart=/bin/x\nPrivateTmp=yes\nNoNewPrivileges=yes\n");
    put("old/gone.service", "[Service]\nExecStart=/bin/x\n");
    put("old/same.service", "[Service]\nExecStart=/bin/x\n");
    put("new/bakery.service", "[Service]\nExecStart=/bin/x\nPrivatTmp=yes\nNoNewPrivileges=yes\n");
    put("new/same.service", "[Service]\nExecStart=/bin/x\n");
    put("new/fresh.service", "[Service]\nUser=no such:user\nExecStart=/bin/x\n");
    const { code, stdout } = await tight(["compare", "old", "new", "--format", "json"]);
    expect(code).toBe(1);
    const schema = join(dirname(fileURLToPath(import.meta.url)), "../../rules/schema/compare.schema.json");
    const validate = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true }).compile(
      JSON.parse(readFileSync(schema, "utf8")),
    );
    expect(errorsOf(validate, JSON.parse(stdout))).toEqual([]);
    expect(JSON.parse(stdout).summary).toEqual({ better: 0, worse: 1, same: 1, added: 1, removed: 1 });
  });
});

describe("audit --report", () => {
  it("writes as many as are asked for, from one reading of the units", async () => {
    put("units/tray.service", "[Service]\nExecStart=/usr/bin/tray\nUser=tray\n");
    const files = AUDIT_FORMATS.flatMap(name => [`--report`, `${name}=out.${name}`]);
    const { code, stdout } = await tight(["audit", "units", ...files]);
    expect(code).toBe(0);
    expect(stdout).toContain("2 scored");
    const { units } = JSON.parse(written("out.json"));
    const lines = written("out.ndjson").trimEnd().split("\n");
    expect(lines.map(each => JSON.parse(each))).toEqual(units);
    expect(written("out.systemd-json").trimEnd().split("\n")).toHaveLength(2);
    expect(written("out.text")).toContain("2 scored");
    expect(written("out.markdown")).toMatch(/\| `oven\.service` \| 9\.4 \| UNSAFE \| /);
    expect(written("out.html")).toContain("oven.service");
    expect(parseCsv(written("out.csv"), { columns: true })).toMatchObject([
      {
        unit: "oven.service",
        status: "scored",
        exposure: "9.4",
        level: "UNSAFE",
        errors: "0",
        warnings: "1",
      },
      { unit: "tray.service", status: "scored" },
    ]);
  });

  it.each(AUDIT_FORMATS.filter(each => each !== "text"))("puts %s alone on the output", async name => {
    const byReport = await tight(["audit", "units", "--report", `${name}=-`]);
    expect(byReport).toEqual(await tight(["audit", "units", "--format", name]));
    expect(byReport.stderr).toBe("");
  });

  it("shows every check of one unit as Markdown", async () => {
    const { stdout } = await tight(["audit", "units/oven.service", "--format", "markdown"]);
    expect(stdout).toMatch(/^## `oven\.service`\n\nExposure \*\*9\.4 UNSAFE\*\*/);
    expect(stdout).toContain("| `PrivateNetwork=` |");
  });

  it("takes the configured format for the output alone, and a typed report before it", async () => {
    put("tightunit.conf", "[audit]\nsystemd = 257\nformat = csv\n");
    expect((await tight(["audit", "units"])).stdout).toMatch(/^unit,status,/);
    expect((await tight(["audit", "units", "--report", "markdown=-"])).stdout).toMatch(/^## /);
    await tight(["audit", "units", "--report", "json=o.json"]);
    expect(JSON.parse(written("o.json")).units).toHaveLength(1);
  });

  it("leaves findings to the gate", async () => {
    const { code, stderr } = await tight(["audit", "units", "--report", "sarif=o.sarif"]);
    expect(stderr).toContain('there is no format "sarif"');
    expect(code).toBe(2);
  });
});
