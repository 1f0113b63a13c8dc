// A real Chromium for the tests of the page; where none is installed they say so.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { findBrowser } from "../../../src/host/print-pdf.ts";

export const chromiumPath = findBrowser(process.env.PATH);
export const whyNoBrowser = chromiumPath === undefined ? " (skipped: no Chromium on PATH)" : "";

export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath ?? "",
    args: [
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
      "--disable-gpu",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--disable-quic",
      "--no-first-run",
    ],
  });
}

export interface Opened {
  readonly page: Page;
  /** Errors of the console and of scripts. */
  readonly errors: readonly string[];
  /** Addresses that the page asked for, itself included. */
  readonly requests: readonly string[];
}

export interface OpenOptions {
  readonly width?: number;
  readonly height?: number;
  readonly scheme?: "light" | "dark";
  readonly hash?: string;
}

/** Opens a page from a file, as somebody does who was sent it. */
export async function open(browser: Browser, html: string, options: OpenOptions = {}): Promise<Opened> {
  const { width = 1280, height = 900, scheme = "light", hash = "" } = options;
  const folder = mkdtempSync(join(tmpdir(), "tightunit-page-"));
  const file = join(folder, "report.html");
  writeFileSync(file, html);
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme });
  const page = await context.newPage();
  const errors: string[] = [];
  const requests: string[] = [];
  page.on("console", message => {
    if (message.type() === "error" || message.type() === "warning") errors.push(message.text());
  });
  page.on("pageerror", error => errors.push(String(error)));
  page.on("request", request => requests.push(request.url()));
  page.on("close", () => rmSync(folder, { recursive: true, force: true }));
  await page.goto(`${pathToFileURL(file).href}${hash}`);
  await page.locator("main").waitFor();
  return { page, errors, requests };
}

/** What axe complains of, everything that folds opened. */
export async function axeViolations(page: Page, axeSource: string): Promise<readonly string[]> {
  await page.evaluate(() => {
    for (const each of document.querySelectorAll("details")) each.open = true;
  });
  // By the debugger's door: the page's own policy lets no other script in.
  await page.evaluate(axeSource);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }> };
    };
    return (await axe.run()).violations.map(({ id, impact, nodes }) => {
      const where = nodes.slice(0, 3).map(node => node.html.slice(0, 160));
      return `${impact} ${id}: ${where.join(" | ")}`;
    });
  });
}
