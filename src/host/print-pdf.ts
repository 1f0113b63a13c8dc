// A page comes in, a PDF goes out, printed by a browser that is installed. The browser is given the one file and no network.
import { execFile } from "node:child_process";
import { accessSync, constants, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import { isFileSystemError } from "./directory-tree.ts";
import { SourceError } from "./source-error.ts";

/** Browsers that print without a window, by the names that systems give them. */
const BROWSERS = [
  "chromium",
  "chromium-browser",
  "google-chrome-stable",
  "google-chrome",
  "microsoft-edge-stable",
  "microsoft-edge",
  "brave-browser",
];

/** A page of thousands of units takes seconds; a browser that hangs must not hang the caller. */
const TIME_LIMIT = 180_000;

export interface PrintOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Where a browser lies that can print, or nothing. @param path as the variable PATH has it. */
export function findBrowser(path: string | undefined): string | undefined {
  const folders = (path ?? "").split(delimiter).filter(folder => folder.startsWith("/"));
  return BROWSERS.flatMap(name => folders.map(folder => join(folder, name))).find(isProgram);
}

/** The same. @throws {SourceError} `no-browser` where none is installed. */
export function requireBrowser(path: string | undefined): string {
  const browser = findBrowser(path);
  if (browser === undefined) throw new SourceError("no-browser", { browsers: BROWSERS.join(", ") });
  return browser;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch (error) {
    if (!isFileSystemError(error)) throw error;
    return false;
  }
}

/**
 * Prints a self-contained HTML page.
 * @throws {SourceError} `no-browser` where none is installed, `print-failed` where it prints nothing.
 */
export async function printPdf(html: string, { env }: PrintOptions): Promise<Uint8Array> {
  const browser = requireBrowser(env.PATH);
  const folder = mkdtempSync(join(tmpdir(), "tightunit-print-"));
  try {
    const page = join(folder, "report.html");
    const pdf = join(folder, "report.pdf");
    writeFileSync(page, html, { mode: 0o600 });
    const said = await run(browser, [...flags(folder), `--print-to-pdf=${pdf}`, pathToFileURL(page).href], {
      ...env,
      // What a browser wants to keep goes with the folder.
      HOME: folder,
      XDG_CONFIG_HOME: folder,
      XDG_CACHE_HOME: folder,
    });
    return readPdf(pdf, browser, said);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

function readPdf(file: string, browser: string, said: string): Uint8Array {
  try {
    const bytes = readFileSync(file);
    if (bytes.subarray(0, 5).toString("latin1") === "%PDF-") return bytes;
  } catch (error) {
    if (!isFileSystemError(error)) throw error;
  }
  const reason = said.trim().split("\n").at(-1) ?? "";
  throw new SourceError("print-failed", { browser, reason: reason.slice(0, 300) });
}

function flags(folder: string): readonly string[] {
  return [
    "--headless",
    "--no-pdf-header-footer",
    "--disable-gpu",
    "--no-first-run",
    "--disable-extensions",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--disable-quic",
    // No name leads anywhere, should anything ask for one.
    "--host-resolver-rules=MAP * ~NOTFOUND",
    `--user-data-dir=${join(folder, "profile")}`,
    // A browser run by root refuses its own sandbox; the page's policy still lets nothing run but its own script.
    ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
  ];
}

/** What the program said on standard error; how it ended is judged by what it left. */
function run(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  return new Promise(resolve => {
    const options = { env, timeout: TIME_LIMIT, killSignal: "SIGKILL", maxBuffer: 1 << 20 } as const;
    execFile(program, [...args], options, (error, _stdout, stderr) => {
      resolve(stderr === "" && error !== null ? error.message : stderr);
    });
  });
}
