// The queries of contrib/duckdb, by DuckDB's command line where there is one.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { environment, LOOSE, makeRepository, repository, run, TIGHT, whyNot } from "./run-in.ts";

const skipped = whyNot("duckdb", "git");
const home = mkdtempSync(join(tmpdir(), "tightunit-duckdb-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

describe.skipIf(skipped !== "")(`the DuckDB queries${skipped}`, () => {
  const env = environment(home);
  const query = (name: string): string => {
    const sql = readFileSync(join(repository, "contrib/duckdb", `${name}.sql`), "utf8");
    const done = run("sh", ["-c", 'printf %s "$1" | duckdb -markdown fleet.duckdb', "sh", sql], home, env);
    expect(done.code, done.stderr).toBe(0);
    return done.stdout;
  };

  beforeAll(() => {
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
    query("load");
  });

  it("find the worst host and the one that drifts, and write Parquet", () => {
    expect(query("hosts").split("\n")[2]).toMatch(/^\| *web-3 /);
    expect(query("drift")).toMatch(/bakery\.service.*PrivateNetwork.*web-3.*not set.*bakery\.service:4/);
    expect(query("checks").trimEnd().split("\n")).toHaveLength(12);
    query("parquet");
    expect(readFileSync(join(home, "units.parquet")).subarray(0, 4).toString()).toBe("PAR1");
  });
});
