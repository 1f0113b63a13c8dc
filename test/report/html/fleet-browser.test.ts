import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run } from "../../cli/run.ts";
import { axeViolations, chromiumPath, launch, open, whyNoBrowser } from "./browser.ts";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

describe.skipIf(chromiumPath === undefined)(`the page of many hosts in Chromium${whyNoBrowser}`, () => {
  let browser: Browser;
  let html = "";
  const folder = mkdtempSync(join(tmpdir(), "tightunit-fleet-"));
  beforeAll(async () => {
    browser = await launch();
    mkdirSync(join(folder, "hosts"));
    // Three counters that should be alike; the third forgot a line, and has an attack for a name.
    const hosts = ["counter-1", "counter-2", "<img src=x onerror=globalThis.pwned=1>"];
    for (const [index, host] of hosts.entries()) {
      const units = join(folder, `units-${index}`);
      mkdirSync(units);
      const line = index === 2 ? "" : "PrivateTmp=yes\n";
      writeFileSync(join(units, "till.service"), `[Service]\nExecStart=/usr/bin/till\n${line}`);
      writeFileSync(join(units, "oven.service"), "[Service]\nExecStart=/usr/bin/oven\n");
      const audit = ["audit", "--systemd", "257", "--host", host, "--format", "ndjson", `./units-${index}`];
      writeFileSync(join(folder, "hosts", `${index}.ndjson`), (await run(audit, { cwd: folder })).stdout);
    }
    html = (await run(["merge", "hosts", "--format", "html"], { cwd: folder })).stdout;
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it("shows drift with its reasons, hosts that can be searched, and units over all hosts", async () => {
    const { page, errors, requests } = await open(browser, html);
    expect(await page.locator("#overview").innerText()).toContain("Hosts that drift");
    const drift = page.locator("#drift tr", { hasText: "till.service" });
    expect(await drift.innerText()).toContain("<img src=x onerror=");
    await drift.locator("summary").click();
    expect(await drift.innerText()).toContain("PrivateTmp");
    await page.locator("#hosts-search").fill("counter");
    expect(await page.locator("#hosts .row .cell-name").allInnerTexts()).toEqual(["counter-1", "counter-2"]);
    expect(await page.locator("#hosts [role=status]").innerText()).toBe("2 of 3 hosts");
    await page.locator("#by-unit .head .cell-name button").click();
    expect(await page.locator("#by-unit .row .cell-name").allInnerTexts()).toEqual([
      "oven.service",
      "till.service",
    ]);
    expect(await page.evaluate(() => "pwned" in globalThis)).toBe(false);
    expect(errors).toEqual([]);
    expect(requests.filter(each => !each.startsWith("data:"))).toHaveLength(1);
    await page.context().close();
  });

  it("prints every host and every unit, also those that scroll on a screen", async () => {
    mkdirSync(join(folder, "many"));
    const [line = ""] = readFileSync(join(folder, "hosts", "0.ndjson"), "utf8").split("\n");
    for (let index = 0; index < 90; index++)
      writeFileSync(
        join(folder, "many", `${index}.ndjson`),
        `${line.replace('"host":"counter-1"', `"host":"kiosk-${index}"`)}\n`,
      );
    const merged = await run(["merge", "many", "--format", "html"], { cwd: folder });
    const { page } = await open(browser, merged.stdout);
    await page.emulateMedia({ media: "print" });
    await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
    const printed = await page.locator("#print-hosts tbody tr td:first-child").allInnerTexts();
    expect(new Set(printed).size).toBe(90);
    expect(await page.locator("#hosts").isVisible()).toBe(false);
    expect(await page.locator("#print-by-unit tbody tr").count()).toBe(1);
    await page.context().close();
  });

  it.each(["light", "dark"] as const)("is accessible: axe finds nothing in the page (%s)", async scheme => {
    const { page } = await open(browser, html, { scheme });
    expect(await axeViolations(page, axeSource)).toEqual([]);
    await page.context().close();
  });
});
