// The queries of contrib/duckdb, by DuckDB itself: its library, which has the same SQL as its command line.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { environment, LOOSE, makeRepository, repository, run, TIGHT, whyNot } from "./run-in.ts";

// Its program comes for each platform apart, and not for every one.
const duckdb = await import("@duckdb/node-api").catch(() => undefined);
const skipped =
  whyNot("git") || (duckdb === undefined ? " (skipped: there is no DuckDB for this platform)" : "");
const home = mkdtempSync(join(tmpdir(), "tightunit-duckdb-"));
const before = process.cwd();
afterAll(() => {
  process.chdir(before);
  rmSync(home, { recursive: true, force: true });
});

type Row = Readonly<Record<string, unknown>>;

describe.skipIf(skipped !== "")(`the DuckDB queries${skipped}`, () => {
  const env = environment(home);
  let connection: DuckDBConnection | undefined;
  /** The rows of a file's last statement. */
  const query = async (name: string): Promise<readonly Row[]> => {
    const sql = readFileSync(join(repository, "contrib/duckdb", `${name}.sql`), "utf8");
    if (connection === undefined) throw new Error("no connection");
    return (await connection.runAndReadAll(sql)).getRowObjectsJson();
  };

  beforeAll(async () => {
    mkdirSync(join(home, "collected"));
    for (const [host, unit] of Object.entries({ "web-1": TIGHT, "web-2": TIGHT, "web-3": LOOSE })) {
      const folder = join(home, host);
      mkdirSync(folder);
      makeRepository(folder, { "bakery.service": unit }, env);
      // One host names itself, the others are called as their files.
      const named = host === "web-1" ? ["--host", host] : [];
      const audit = run(
        "tightunit",
        ["audit", ".", "--systemd=257", "--format=ndjson", ...named],
        folder,
        env,
      );
      writeFileSync(join(home, "collected", `${host}.ndjson`), audit.stdout);
    }
    // The queries name files from the working folder, which is the test's own.
    process.chdir(home);
    connection = await (await duckdb?.DuckDBInstance.create("fleet.duckdb"))?.connect();
    await query("load");
  });

  afterAll(() => connection?.closeSync());

  it("name the hosts, the worst first", async () => {
    const hosts = await query("hosts");
    expect(hosts.map(each => each.host)).toEqual(["web-3", "web-1", "web-2"]);
    expect(hosts[0]).toMatchObject({ units: "1", worst_unit: "bakery.service", above: "1" });
  });

  it("find the host that drifts, with the lines here and elsewhere", async () => {
    const drift = await query("drift");
    expect(new Set(drift.map(each => each.host))).toEqual(new Set(["web-3"]));
    expect(drift.find(each => each.check_id === "PrivateNetwork")).toMatchObject({
      unit: "bakery.service",
      group: "web-*",
      line: "not set",
      line_elsewhere: expect.stringMatching(/bakery\.service:4$/),
    });
  });

  it("say what fails almost everywhere", async () => {
    const checks = await query("checks");
    expect(checks).toHaveLength(10);
    expect(checks[0]).toMatchObject({ percent: 100, units: "1" });
  });

  it("write Parquet that answers the question about a history", async () => {
    await query("parquet");
    const read = await connection?.runAndReadAll(
      "SELECT median(exposure) AS median, count(*) AS units FROM 'units.parquet' GROUP BY day",
    );
    expect(read?.getRowObjectsJson()).toMatchObject([{ units: "3" }]);
    expect(readFileSync(join(home, "checks.parquet")).subarray(0, 4).toString()).toBe("PAR1");
  });
});
