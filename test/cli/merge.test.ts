// Audits of many hosts → one report of them all.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { Ajv2020 } from "ajv/dist/2020.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FLEET_FORMATS } from "../../src/cli/merge-options.ts";
import { findBrowser } from "../../src/host/print-pdf.ts";
import { rulesFolder } from "../../src/rules/rule-files.ts";
import { run } from "./run.ts";

const folder = mkdtempSync(join(tmpdir(), "tightunit-merge-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const schema: { $defs: object } = JSON.parse(
  readFileSync(join(rulesFolder(), "schema", "fleet.schema.json"), "utf8"),
);
const ajv = new Ajv2020({ allErrors: true });
const isFleet = ajv.compile(schema);

const TIGHT = "[Service]\nExecStart=/usr/bin/bake\nProtectSystem=strict\nNoNewPrivileges=yes\n";
const LOOSE = "[Service]\nExecStart=/usr/bin/bake\nNoNewPrivileges=yes\n";
const OVEN = "[Service]\nExecStart=/usr/bin/heat\nPrivateNetwork=yes\nUser=baker\n";

/** A root with these units, audited; what the host's file says. */
async function audit(
  host: string,
  units: Readonly<Record<string, string>>,
  ...options: readonly string[]
): Promise<string> {
  const root = join(folder, "roots", host);
  const system = join(root, "etc/systemd/system");
  mkdirSync(system, { recursive: true });
  for (const [name, text] of Object.entries(units)) writeFileSync(join(system, name), text);
  const { code, stdout } = await run(["audit", "--root", root, "--systemd", "257", ...options]);
  expect(code).toBe(0);
  return stdout;
}

async function collect(name: string, text: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, text);
  return path;
}

const both = { "bakery.service": TIGHT, "oven.service": OVEN };

beforeAll(async () => {
  for (const host of ["web-1", "web-2", "web-3"])
    await collect(`fleet/${host}.ndjson`, await audit(host, both, "--format", "ndjson"));
  const loose = { ...both, "bakery.service": LOOSE };
  await collect("fleet/web-4.ndjson", await audit("web-4", loose, "--format", "ndjson"));
  await collect("fleet/db/pg-1.json", await audit("pg-1", { "oven.service": OVEN }, "--format", "json"));
}, 300_000);

async function report(...argv: readonly string[]) {
  const { code, stdout, stderr } = await run(["merge", ...argv, "--format", "json"], { cwd: folder });
  const document = JSON.parse(stdout);
  isFleet(document);
  expect(isFleet.errors ?? []).toEqual([]);
  return { code, stderr, document };
}

describe("merge", () => {
  it("makes one report of files in a folder and below it, named after them", async () => {
    const { code, document } = await report("fleet");
    expect(code).toBe(0);
    expect(document.summary).toMatchObject({
      hosts: 5,
      units: 2,
      unitsOnHosts: 9,
      scored: 9,
      maxExposure: 50,
    });
    const hosts = document.hosts.map((each: { host: string }) => each.host).sort();
    expect(hosts).toEqual(["pg-1", "web-1", "web-2", "web-3", "web-4"]);
  });

  it("takes the scores that the audits gave", async () => {
    const single = JSON.parse(await audit("web-1", both, "--format", "json"));
    const exposure = new Map(
      single.units.map((each: { name: string; exposure: number }) => [each.name, each.exposure]),
    );
    const { document } = await report("fleet/web-1.ndjson");
    const scores = document.units.map((each: { unit: string; median: number }) => [each.unit, each.median]);
    expect(new Map(scores)).toEqual(exposure);
  });

  it("names the hosts that drift from those with the same units, and the line that makes the difference", async () => {
    const { document } = await report("fleet");
    expect(document.groups).toEqual([
      { group: "hosts with the units of web-1", kind: "same-units", hosts: 4, drifting: 1 },
    ]);
    expect(document.drift).toHaveLength(1);
    expect(document.drift[0]).toMatchObject({
      unit: "bakery.service",
      kind: "different",
      hosts: ["web-4"],
      mostHosts: 3,
      checks: [{ id: "ProtectSystem", most: 0, mostLine: "/etc/systemd/system/bakery.service:3" }],
    });
    expect(document.drift[0].checks[0]).not.toHaveProperty("line");
    expect(document.drift[0].here.exposure).toBeGreaterThan(document.drift[0].most.exposure);
  });

  it("compares the hosts of a pattern, and says what is missing or extra there", async () => {
    const more = join(folder, "more");
    for (const host of ["app-1", "app-2", "app-3"])
      await collect(`more/${host}.ndjson`, await audit(host, both, "--format", "ndjson"));
    await collect("more/app-4.ndjson", await audit("app-4", { "oven.service": OVEN }, "--format", "ndjson"));
    const third = { ...both, "till.service": OVEN };
    await collect("more/app-5.ndjson", await audit("app-5", third, "--format", "ndjson"));
    const { document } = await report(more, "--group", "shops=app-*", "--group", "web*");
    expect(document.groups).toMatchObject([
      { group: "shops", kind: "pattern", hosts: 5, drifting: 2 },
      { group: "web*", hosts: 0 },
    ]);
    expect(document.drift).toMatchObject([
      { unit: "till.service", kind: "extra", hosts: ["app-5"], most: null, mostHosts: 4 },
      { unit: "bakery.service", kind: "missing", hosts: ["app-4"], here: null, mostHosts: 4 },
    ]);
  });

  it("names outliers: a score that few hosts have, half a point from the median", async () => {
    const { document } = await report("fleet");
    const bakery = document.units.find((each: { unit: string }) => each.unit === "bakery.service");
    expect(bakery.highest).toBeGreaterThan(bakery.median);
    // ProtectSystem= alone is worth less than half a point.
    expect(bakery.outliers).toEqual([]);
    const open = "[Service]\nExecStart=/usr/bin/heat\n";
    const odd = await collect(
      "odd/web-9.ndjson",
      await audit("web-9", { "oven.service": open }, "--format", "ndjson"),
    );
    const { document: wider } = await report("fleet", odd);
    const oven = wider.units.find((each: { unit: string }) => each.unit === "oven.service");
    expect(oven.outliers).toEqual([{ exposure: oven.highest, hosts: ["web-9"] }]);
  });

  it("reads the same from NDJSON, JSON, compact and indented JSON, gzip, and a file of many hosts", async () => {
    const json = await audit("plain", both, "--format", "json", "--host", "shop");
    const ndjson = await audit("plain", both, "--format", "ndjson", "--host", "shop");
    const forms = {
      "a.json": json,
      "b.ndjson": ndjson,
      "c.json": JSON.stringify(JSON.parse(json)),
      "d.json": JSON.stringify(JSON.parse(json), null, 2),
      "e.ndjson.gz": gzipSync(ndjson),
      "f.ndjson": ndjson.trimEnd(),
      "g.ndjson": ndjson.replaceAll("\n", "\r\n\r\n"),
    };
    const documents = [];
    for (const [name, text] of Object.entries(forms))
      documents.push((await report(await collect(`forms/${name}`, text))).document);
    expect(documents[0].hosts[0].host).toBe("shop");
    for (const document of documents) expect(document).toEqual(documents[0]);

    const second = ndjson.replaceAll('"host":"shop"', '"host":"stall"');
    const { document } = await report(await collect("forms/many.ndjson", ndjson + second));
    expect(document.hosts.map((each: { host: string }) => each.host)).toEqual(["shop", "stall"]);
  });

  it("takes patterns, and standard input through its file", async () => {
    const { document } = await report("fleet/web-[12].ndjson", "fleet/db/*.json");
    expect(document.summary.hosts).toBe(3);
  });
});

describe("merge --report", () => {
  const written = (name: string): string => readFileSync(join(folder, name), "utf8");

  it("writes as many as are asked for from one reading, each as the output has it", async () => {
    const files = FLEET_FORMATS.flatMap(name => ["--report", `${name}=out.${name}`]);
    const { code, stdout } = await run(["merge", "fleet", ...files], { cwd: folder });
    expect(code).toBe(0);
    expect(stdout).toContain("5 hosts with 2 units");
    for (const name of FLEET_FORMATS.filter(each => each !== "text")) {
      const alone = await run(["merge", "fleet", "--format", name], { cwd: folder });
      expect(written(`out.${name}`), name).toBe(alone.stdout);
      expect((await run(["merge", "fleet", "--report", `${name}=-`], { cwd: folder })).stdout).toBe(
        alone.stdout,
      );
    }
  });

  it("says before it reads anything that nothing here prints a PDF", async () => {
    const { code, stderr } = await run(["merge", "fleet", "--report", "pdf=out.pdf"], {
      cwd: folder,
      env: { PATH: folder },
    });
    expect(code).toBe(2);
    expect(stderr).toContain("apt install chromium");
  });

  const hasBrowser = findBrowser(process.env.PATH) !== undefined;
  it.skipIf(!hasBrowser)(
    `prints a PDF${hasBrowser ? "" : " (skipped: no Chromium on PATH)"}`,
    async () => {
      const { code } = await run(["merge", "fleet", "--report", "pdf=out.pdf"], {
        cwd: folder,
        env: process.env,
      });
      expect(code).toBe(0);
      expect(readFileSync(join(folder, "out.pdf")).subarray(0, 5).toString()).toBe("%PDF-");
    },
    60_000,
  );
});

describe("merge, of what is broken", () => {
  it("names what is cut off, leaves its host out and ends with 2; what came before counts", async () => {
    const ndjson = await audit("plain", both, "--format", "ndjson", "--host", "shop");
    const second = ndjson.replaceAll('"host":"shop"', '"host":"stall"');
    const cut = await collect("broken/many.ndjson", (ndjson + second).slice(0, -30));
    const { code, stderr, document } = await report(cut, "fleet");
    expect(code).toBe(2);
    expect(stderr).toContain("many.ndjson, line 4: it is no JSON, or was cut off");
    expect(document.broken).toHaveLength(1);
    const hosts = document.hosts.map((each: { host: string }) => each.host);
    expect(hosts).toContain("shop");
    expect(hosts).not.toContain("stall");
  });

  it.each([
    ["an empty file", "", "it is empty"],
    ["JSON of something else", '{"name":"tightunit","version":"1"}', "line 1:"],
    ["a list", "[1,2]", "must be object"],
    ["a document without its end", '{"tool":"t","systemd":"257","units":[\n', "it ends too early"],
    [
      "a document with more after it",
      '{"tool":"t","systemd":"257","units":[\n]}\n{}\n',
      "more after the end",
    ],
    ["no text at all", Uint8Array.from([0, 255, 254, 10, 7]), "it is no JSON"],
    ["a damaged gzip file", gzipSync("{}").subarray(0, 12), "cannot be read"],
    [
      "a score beyond ten",
      '{"name":"x.service","status":"scored","exposure":101,"level":"OK","checks":[]}',
      "/units/0",
    ],
    [
      "a host without a name",
      '{"host":"","name":"x.service","status":"masked","exposure":null,"level":null,"checks":[]}',
      "host",
    ],
  ])("names %s", async (_, text, sentence) => {
    const path = await collect("broken/one.ndjson", text);
    const { code, stderr } = await run(["merge", path], { cwd: folder });
    expect(code).toBe(2);
    expect(stderr).toContain("one.ndjson");
    expect(stderr).toContain(sentence);
  });

  it("names a host that comes twice, and what is not there", async () => {
    const again = await collect("again/web-1.ndjson", await audit("web-1", both, "--format", "ndjson"));
    const { code, stderr, document } = await report("fleet", again, "nowhere.json", "no*.json");
    expect(code).toBe(2);
    expect(document.summary.hosts).toBe(5);
    expect(stderr).toContain("web-1 was there before");
    expect(stderr).toContain("nowhere.json");
    expect(stderr).toContain("no*.json");
  });

  it("ends with 2 for a folder without audits, and follows no links to folders", async () => {
    const empty = join(folder, "empty");
    mkdirSync(empty);
    symlinkSync(join(folder, "fleet"), join(empty, "fleet"));
    const { code, stderr } = await run(["merge", empty]);
    expect(code).toBe(2);
    expect(stderr).toContain("holds no audits");
  });
});

describe("merge, of hostile names", () => {
  const name = `a"<img onerror=x>]]>|\`@x\u001b[31m\u202e\n::error::.service`;
  const unit = { name, status: "scored", exposure: 96, level: "UNSAFE", checks: [check(1)], findings: [] };
  const other = { ...unit, exposure: 10, level: "OK", checks: [check(0)] };
  const host = "=cmd|' /C calc'!A0\u001b]0;x\u0007";

  function check(badness: number) {
    return {
      id: "=A\u001b1",
      badness,
      range: 1,
      weight: 1,
      exposure: 1,
      set: badness === 0,
      origin: { file: "/a\nb|c", line: 1 },
    };
  }

  it.each(["text", "markdown", "csv", "ndjson", "json"])(
    "writes no control characters as %s",
    async format => {
      const lines = [
        { host, ...unit },
        { host: "web-2", ...other },
        { host: "web-3", ...other },
      ];
      const path = await collect("hostile.ndjson", lines.map(each => JSON.stringify(each)).join("\n"));
      for (const table of ["hosts", "drift"]) {
        const { code, stdout, stderr } = await run(["merge", path, "--format", format, "--table", table]);
        expect(stderr).toBe("");
        expect(code).toBe(0);
        if (format === "csv") {
          expect(stdout).toMatch(/'=cmd/);
          expect(stdout).not.toMatch(/(^|[,"])=/m);
        } else {
          expect(stdout.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\u202e]/u);
          expect(stdout).not.toMatch(/^::error/m);
        }
        if (format === "markdown")
          expect(stdout.replaceAll(/(`+).*?\1(?!`)/g, "")).not.toMatch(/<img|@x|\]\]>/);
        if (format === "json") {
          isFleet(JSON.parse(stdout));
          expect(isFleet.errors ?? []).toEqual([]);
        }
      }
    },
  );

  it("does not take a line that names its host in two ways for another host's", async () => {
    const plain = JSON.stringify(other);
    const twice = `{"host":"one",${plain.slice(1, -1)},"host":"two"}`;
    const path = await collect("twice.ndjson", `${twice}\n{"host":"one",${plain.slice(1)}\n`);
    const { document } = await report(path);
    expect(document.hosts.map((each: { host: string }) => each.host)).toEqual(["one", "two"]);
  });
});

describe("merge, in its formats", () => {
  it("writes NDJSON whose lines say what they are, each as the schema has it", async () => {
    const { stdout } = await run(["merge", "fleet", "--format", "ndjson"], { cwd: folder });
    const records: readonly { record: string }[] = stdout
      .trimEnd()
      .split("\n")
      .map(line => JSON.parse(line));
    const kinds = new Set(records.map(each => each.record));
    expect([...kinds]).toEqual(["summary", "host", "unit", "group", "drift", "check"]);
    for (const kind of kinds) {
      const isRecord = ajv.compile({ $defs: schema.$defs, $ref: `#/$defs/${kind}` });
      for (const each of records.filter(({ record }) => record === kind)) {
        isRecord(each);
        expect(isRecord.errors ?? []).toEqual([]);
      }
    }
  });

  it.each(["hosts", "units", "drift", "checks"])(
    "writes CSV of %s with as many cells in every row",
    async table => {
      const { stdout } = await run(["merge", "fleet", "--format", "csv", "--table", table], { cwd: folder });
      const rows = stdout
        .trimEnd()
        .split("\r\n")
        .map(line => line.split(",").length);
      expect(rows.length).toBeGreaterThan(1);
      expect(new Set(rows).size).toBe(1);
    },
  );

  it("makes a page with each unit once for each way in which it stands, and says how many hosts these are", async () => {
    const { code, stdout } = await run(["merge", "fleet", "--format", "html"], { cwd: folder });
    expect(code).toBe(0);
    expect(stdout).toContain("<title>Exposure of 5 hosts with 9 units</title>");
    const [, embedded = ""] = /id="report-data">(.*?)<\/script>/s.exec(stdout) ?? [];
    const page: { units: readonly { name: string; host: string }[] } = JSON.parse(embedded);
    expect(page.units.map(({ name, host }) => `${name} ${host}`).sort()).toEqual([
      "bakery.service web-1, web-2 and 1 more",
      "bakery.service web-4",
      "oven.service pg-1, web-1 and 3 more",
    ]);
  });

  it("says it for people, in 80 columns and in Markdown", async () => {
    const { stdout } = await run(["merge", "fleet"], { cwd: folder });
    expect(
      stdout
        .split("\n")
        .slice(0, 16)
        .filter(line => line.length > 80),
    ).toEqual([]);
    expect(stdout).toContain("bakery.service: 9.2 on web-4\n  9.0 on 3 of 4 hosts (");
    expect(stdout).toContain("+ ProtectSystem: not set; elsewhere /etc/systemd/system/bakery.service:3");
    expect(stdout).toContain("1 host drifting in 1 group");
    const markdown = await run(["merge", "fleet", "--format", "markdown"], { cwd: folder });
    expect(markdown.stdout).toContain("- `bakery.service`: 9.2 on `web-4`; 9.0 on 3 of 4 hosts (");
  });
});
