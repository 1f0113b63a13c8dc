// docs/reports.md quotes what comes out for the demonstration repository. UPDATE_DOCS=1 writes the excerpts into it.
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run } from "./run.ts";

const here = dirname(fileURLToPath(import.meta.url));
const fixture = join(here, "../../fixtures/gate/demonstration");
const document = join(here, "../../docs/reports.md");
const hasGit = spawnSync("git", ["--version"]).status === 0;
const reason = hasGit ? "" : " (skipped: git is not installed)";

const folder = mkdtempSync(join(tmpdir(), "tightunit-reports-document-"));

/** The language of each excerpt, and what of the whole it is. */
const excerpts: Readonly<Record<string, readonly [string, (text: string) => string]>> = {
  text: ["text", whole],
  ndjson: ["json", text => linesWith(text, /"kind":"(?:unit|summary)"|loosened/)],
  sarif: ["json", text => print(withoutFixes(JSON.parse(text).runs[0].results[0]))],
  github: ["text", whole],
  gitlab: ["json", text => print(JSON.parse(text).slice(0, 1))],
  junit: ["xml", text => lines(text, 0, 12)],
  checkstyle: ["xml", whole],
  tap: ["text", text => lines(text, 0, 14)],
  csv: ["text", text => lines(text, 0, 3)],
  cyclonedx: [
    "json",
    text => {
      const { attestations, claims } = JSON.parse(text).declarations;
      const about = (each: { requirement: string }): boolean => each.requirement === "requirement-loosened";
      return print({ map: attestations[0].map.find(about), claims: claims.slice(0, 1) });
    },
  ],
};

function whole(text: string): string {
  return text;
}

function lines(text: string, from: number, to: number): string {
  return text.split(/\r?\n/).slice(from, to).join("\n");
}

function linesWith(text: string, pattern: RegExp): string {
  return text
    .split("\n")
    .filter(each => pattern.test(each))
    .join("\n");
}

function print(value: unknown): string {
  return JSON.stringify(value, undefined, 2);
}

function withoutFixes({ fixes: _, ...rest }: Readonly<Record<string, unknown>>): object {
  return rest;
}

const block = (mark: string) => new RegExp(`<!-- ${mark} -->\n(?:\n\`{4}\\w*\n([^]*?)\n\`{4}\n)?`);

describe.skipIf(!hasGit)(`docs/reports.md${reason}`, () => {
  beforeAll(() => {
    const git = (...args: readonly string[]) =>
      execFileSync("git", ["-c", "user.name=Baker", "-c", "user.email=baker@example.org", ...args], {
        cwd: folder,
        stdio: "pipe",
      });
    cpSync(join(fixture, "main"), folder, { recursive: true });
    git("init", "--quiet", "--initial-branch=main");
    git("add", ".");
    git("commit", "--quiet", "--message=Bread");
    cpSync(join(fixture, "loosens"), folder, { recursive: true });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(Object.keys(excerpts))("quotes %s as it is", async name => {
    const [language = "", excerpt = whole] = excerpts[name] ?? [];
    const argv = ["gate", "--against", "main", "--date", "2026-11-23", "--format", name];
    const { stdout } = await run(argv, { cwd: folder });
    const text = excerpt(stdout).trimEnd();
    const mark = name;
    if (process.env.UPDATE_DOCS === "1") {
      const fenced = `<!-- ${mark} -->\n\n\`\`\`\`${language}\n${text}\n\`\`\`\`\n`;
      writeFileSync(
        document,
        readFileSync(document, "utf8").replace(block(mark), () => fenced),
      );
    }
    expect(block(mark).exec(readFileSync(document, "utf8"))?.[1]).toBe(text);
  });
});
