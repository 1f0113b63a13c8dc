// What viewers of findings and pages of one's own say about a rule: all of it, for every rule there is.
import { describe, expect, it } from "vitest";
import { ruleNames } from "../../src/gate/rule-names.ts";
import { ruleMarkdown, rulePage } from "../../src/report/rule-markdown.ts";
import { ruleTexts } from "../../src/report/rule-texts.ts";
import { loadBuiltInPack } from "../../src/rules/built-in-packs.ts";
import { loadDirective } from "../../src/rules/directives.ts";

const packs = [loadBuiltInPack("systemd-security"), loadBuiltInPack("traps")];
const names = ruleNames(packs);
const texts = ruleTexts(packs);

describe("the Markdown of a rule", () => {
  it("leads every rule to a page: those about units to the manual, those about the gate's own files to this package", () => {
    for (const name of names.all) {
      const [page = ""] = texts(name).links;
      expect(page, name).toMatch(names.isAboutGate(name) ? /\/package\/tightunit$/ : /^https:/);
    }
  });

  it("says of a check what an intruder could do, what mends it, each value of its directive and what may break", () => {
    for (const check of packs[0]?.checks ?? []) {
      const text = ruleMarkdown(texts(check.id));
      const directive = loadDirective(check.directive);
      expect(text).toContain(check.explanation.replaceAll("<", "&lt;"));
      expect(text).toContain(check.breaks.replaceAll("<", "&lt;"));
      for (const mend of check.mend) expect(text).toContain(mend);
      for (const { value } of directive?.values ?? []) expect(text).toContain(`| \`${value}\``);
      for (const { what } of directive?.breaks ?? []) expect(text).toContain(what);
    }
  });

  it("shows a unit that a trap is in", () => {
    const text = ruleMarkdown(texts("families-deny-list"));
    expect(text).toMatch(/```ini\n[^`]*RestrictAddressFamilies=~/);
  });

  it("keeps what a pack of anybody's says from being HTML, a link elsewhere or the end of its example", () => {
    const evil = {
      pack: "evil",
      title: "",
      rules: [
        {
          rule: "evil",
          severity: "error",
          title: "<script>alert(1)</script>",
          message: "",
          explanation: "<img src=x onerror=alert(1)>",
          detect: { kind: "stray-drop-in" },
          examples: { bad: [{ unit: "```\n<b>\n````" }], good: [] },
          links: ["javascript:alert(1)", "man:systemd(1)", "https://example.org/>x", "https://example.org/x"],
        },
      ],
    } as const;
    const page = rulePage(ruleTexts([evil])("evil"));
    expect(page).not.toMatch(/<(script|img)/);
    expect(page).toContain("`````ini\n");
    expect(page.match(/<[a-z]+:[^>]*>/g)).toEqual(["<https://example.org/x>"]);
  });
});
