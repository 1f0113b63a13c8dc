// The repository of docs/gate.md, built and judged; what the document quotes is what comes out.
// UPDATE_DOCS=1 writes the output into the document.
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run } from "./run.ts";

const here = dirname(fileURLToPath(import.meta.url));
const fixture = join(here, "../../fixtures/gate/demonstration");
const document = join(here, "../../docs/gate.md");
const hasGit = spawnSync("git", ["--version"]).status === 0;
const reason = hasGit ? "" : " (skipped: git is not installed)";

const folder = mkdtempSync(join(tmpdir(), "tightunit-demonstration-"));
const git = (...args: readonly string[]) =>
  execFileSync("git", ["-c", "user.name=Baker", "-c", "user.email=baker@example.org", ...args], {
    cwd: folder,
    stdio: "pipe",
  });

/** The fenced block behind a mark of the document. */
const quoted = (mark: string) =>
  new RegExp(`<!-- ${mark} -->\n\n(\`{3,4})\\w*\n([^]*?)\n\\1\n`).exec(readFileSync(document, "utf8"))?.[2];

function quote(mark: string, text: string, language: string): void {
  if (process.env.UPDATE_DOCS !== "1") return;
  const written = readFileSync(document, "utf8");
  const block = `<!-- ${mark} -->\n\n\`\`\`\`${language}\n${text.trimEnd()}\n\`\`\`\`\n`;
  const place = new RegExp(`<!-- ${mark} -->\n(\n(\`{3,4})\\w*\n[^]*?\n\\2\n)?`);
  writeFileSync(
    document,
    written.replace(place, () => block),
  );
}

describe.skipIf(!hasGit)(`the demonstration repository${reason}`, () => {
  beforeAll(() => {
    cpSync(join(fixture, "main"), folder, { recursive: true });
    git("init", "--quiet", "--initial-branch=main");
    git("add", ".");
    git("commit", "--quiet", "--message=Bread");
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const branch = async (name: string) => {
    git("checkout", "--quiet", "-B", name, "main");
    cpSync(join(fixture, name), folder, { recursive: true });
    git("commit", "--quiet", "--all", `--message=${name}`);
    const summary = join(folder, "summary.md");
    const argv = ["gate", "--against", "main", "--date", "2026-11-23", "--summary", summary];
    const { code, stdout } = await run(argv, { cwd: folder });
    const markdown = readFileSync(summary, "utf8");
    quote(name, stdout, "text");
    quote(`${name} summary`, markdown, "markdown");
    return { code, stdout, markdown };
  };

  it("passes as it is", async () => {
    const { code, stdout } = await run(["gate", "units", "--date", "2026-11-23"], { cwd: folder });
    expect(stdout).toMatch(/passed: 2 units \(1 waived, 2 in the baseline\)\n$/);
    expect(code).toBe(0);
  });

  it.each([
    ["loosens", 1],
    ["tightens", 0],
  ])("ends a pull request that %s a unit with %i, as the document quotes it", async (name, expected) => {
    const { code, stdout, markdown } = await branch(name);
    expect(code).toBe(expected);
    expect(quoted(name)).toBe(stdout.trimEnd());
    expect(quoted(`${name} summary`)).toBe(markdown.trimEnd());
  });
});
