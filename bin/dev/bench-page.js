// How long the HTML report of 2,000 units takes to answer, in an installed Chromium: the work of the page's thread from an
// event until what it changed is drawn, which a neighbour of the machine does not lengthen. Exported for bench.js.
import { accessSync, constants, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

function installedBrowser() {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return NAMES.flatMap(name => folders.map(folder => join(folder, name))).find(file => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** The same page with its units repeated under other names: proposing for thousands would take longer than all the rest. */
function multiply(html, count) {
  const [, json] = /id="report-data">(.*?)<\/script>/s.exec(html) ?? [];
  const data = JSON.parse(json);
  const units = Array.from({ length: count }, (_, index) => {
    const unit = data.units[index % data.units.length];
    return { ...unit, name: `${index}-${unit.name}` };
  });
  const text = JSON.stringify({ ...data, units }).replaceAll("<", "\\u003c");
  return html.replace(json, () => text);
}

/**
 * @param file an HTML report; it is replaced by one of `count` units.
 * @returns milliseconds by what was done, the least of several rounds, or nothing where no browser is installed.
 */
export async function measurePage(file, count, rounds) {
  const executablePath = installedBrowser();
  if (executablePath === undefined) return undefined;
  writeFileSync(file, multiply(readFileSync(file, "utf8"), count));
  const root = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  const browser = await chromium.launch({
    executablePath,
    args: [...root, "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
  });
  try {
    const least = new Map();
    for (let round = 0; round < rounds; round++) {
      const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
      const session = await page.context().newCDPSession(page);
      await session.send("Performance.enable", { timeDomain: "threadTicks" });
      const worked = async () => {
        const { metrics } = await session.send("Performance.getMetrics");
        return 1000 * (metrics.find(each => each.name === "TaskDuration")?.value ?? 0);
      };
      const timed = {};
      const take = async (name, action) => {
        const start = await worked();
        await action();
        timed[name] = (await worked()) - start;
      };
      await take("open the page", () => page.goto(pathToFileURL(file).href));
      for (const [name, action] of Object.entries(steps)) {
        await take(name, async () => {
          await page.evaluate(action);
          await page.evaluate(painted);
        });
      }
      for (const [name, time] of Object.entries(timed))
        least.set(name, Math.min(time, least.get(name) ?? time));
      await page.close();
    }
    return Object.fromEntries(least);
  } finally {
    await browser.close();
  }
}

/** What is done, in the page. */
const steps = {
  search: () => {
    const search = document.querySelector("#search");
    search.value = "9-";
    search.dispatchEvent(new Event("input", { bubbles: true }));
  },
  "clear the search": () => {
    const search = document.querySelector("#search");
    search.value = "";
    search.dispatchEvent(new Event("input", { bubbles: true }));
  },
  sort: () => document.querySelector(".grid .cell-name button").click(),
  "filter by level": () => document.querySelector(".chips .chip").click(),
  scroll: () => scrollTo({ top: document.body.scrollHeight / 2, behavior: "instant" }),
  "open a unit": () => document.querySelector(".grid .row a").click(),
};

function painted() {
  return new Promise(done => requestAnimationFrame(() => setTimeout(done)));
}
