// The manual page, made of the same commands and options as the command line, and read as readers of manuals read it.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { commandBuilders } from "../../src/cli/command-builders.ts";
import { run } from "./run.ts";

const script = join(dirname(fileURLToPath(import.meta.url)), "../../bin/dev/manual.js");
const folder = mkdtempSync(join(tmpdir(), "tightunit-manual-"));
const page = join(folder, "tightunit.1");
beforeAll(() => {
  execFileSync(process.execPath, [script, "--out", page], {
    env: { ...process.env, SOURCE_DATE_EPOCH: "1767225600" },
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const missing = (program: string): string =>
  spawnSync(program, ["--version"]).error === undefined ? "" : ` (skipped: ${program} is not installed)`;

describe("the manual page", () => {
  it("has every command with a summary, and every option that its help has", async () => {
    const text = readFileSync(page, "utf8").replaceAll("\\-", "-");
    expect(text).toContain(".Dd January 1, 2026");
    const sections = text.split(/^\.S[sh] /m);
    for (const name of commandBuilders.keys()) {
      const section = sections.find(each => each.startsWith(`"${name}"`)) ?? "";
      expect(section.split("\n")[1], name).toMatch(/^[A-Z].{10}/);
      const { stdout } = await run([name, "--help"], { columns: 200 });
      const options = [...stdout.matchAll(/^ +(?:-[a-z], +)?--([a-z-]+)/gm)].map(([, option]) => option);
      for (const option of options.filter(each => !/^(color|config|help|version)$/.test(each ?? "")))
        expect(section, `${name} --${option}`).toContain(`Fl -${option}`);
    }
  });

  describe.skipIf(missing("mandoc") !== "")(`mandoc${missing("mandoc")}`, () => {
    it("finds nothing wrong with it", () => {
      const { stdout, stderr } = spawnSync("mandoc", ["-T", "lint", "-W", "style", page], {
        encoding: "utf8",
      });
      // What its own index of the machine's other pages lacks is none of ours.
      const said = `${stdout}${stderr}`
        .split("\n")
        .filter(line => line !== "" && !line.includes("mandoc.db"));
      expect(said.filter(line => !line.includes("referenced manual not found"))).toEqual([]);
    });
  });

  describe.skipIf(missing("man") !== "")(`man${missing("man")}`, () => {
    it("prints it without warnings", () => {
      const { stdout, stderr, status } = spawnSync("man", ["--warnings", "-l", page], {
        encoding: "utf8",
        env: { ...process.env, LC_ALL: "C.UTF-8", MANWIDTH: "80", MANPAGER: "cat" },
      });
      expect(stderr).toBe("");
      expect(status).toBe(0);
      expect(stdout).toContain("TIGHTUNIT(1)");
      expect(stdout).toContain("--max-exposure score");
    });
  });
});
