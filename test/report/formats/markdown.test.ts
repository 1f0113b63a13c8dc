// Markdown that goes into comments on pull requests: what units say is text in it, and it has room.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatNamed } from "../../../src/report/formats/formats.ts";
import { loadGateRules } from "../../../src/rules/gate-rules.ts";
import { run } from "../../cli/run.ts";
import { hostileSource, judged, nasty, scenes, sourceOf } from "./scenes.ts";

const markdown = async (source: Parameters<NonNullable<ReturnType<typeof formatNamed>>["render"]>[0]) =>
  (await formatNamed("markdown")?.render(source)) ?? "";

describe("Markdown of a verdict", () => {
  it("has no markup but its own, whatever is said", async () => {
    await fc.assert(
      fc.asyncProperty(hostileSource, async source => {
        const text = await markdown(source);
        // Code is shown as it is; outside of it there are our own tags and nobody is called.
        const prose = text.replaceAll(/(`+)[^`](?:[\s\S]*?[^`])??\1(?!`)/g, "");
        expect(prose.replaceAll(/<\/?(?:details|summary)>/g, "")).not.toMatch(/<|(?<!&#64;)@|:\/\//);
        expect(text.match(/<details>/g)?.length ?? 0).toBe(text.match(/<\/details>/g)?.length ?? 0);
      }),
      { numRuns: 150 },
    );
  });

  it("fits a comment, and says that there is more", async () => {
    const long = nasty.join(" ").repeat(3);
    const findings = Array.from({ length: 3000 }, (_, index) => ({
      unit: `bread-${index}.service`,
      rule: "required-setting",
      subject: long,
      severity: "error" as const,
      status: "new" as const,
      isFailing: true,
      message: { code: "gate-required", args: { wanted: long, actual: long } },
    }));
    const text = await markdown(sourceOf(judged(findings, [])));
    expect(text.length).toBeLessThan(65_536);
    expect(text).toMatch(/- and 2950 more|The rest has no room here\./);
  });

  it("has the worst first, the units with their bars, and folds the rest away", async () => {
    const failing = scenes.failing === undefined ? "" : await markdown(scenes.failing);
    expect(failing.indexOf("`exposure`")).toBeLessThan(failing.indexOf("`unknown-directive`"));
    expect(failing).toContain("| `oven.service` | 9.4 UNSAFE | 5.0 | 2 |");
    expect(failing).toContain("<details><summary>What these rules mean</summary>");
    const waived = scenes.waived === undefined ? "" : await markdown(scenes.waived);
    expect(waived).toMatch(/^## tightunit gate: passed\n\n1 unit checked; 2 waived\.\n/);
    expect(waived).toContain("<details><summary>2 waived</summary>");
    expect(waived).toContain("&lt;b&gt;ask&lt;/b&gt; \\]\\]&gt; first");
  });
});

describe("explain", () => {
  it.each(loadGateRules().map(each => each.rule))("knows the gate's rule %s", async rule => {
    const { code, stdout } = await run(["explain", rule]);
    expect(stdout).toMatch(new RegExp(`^${rule} {2}\\S`));
    expect(code).toBe(0);
  });
});
