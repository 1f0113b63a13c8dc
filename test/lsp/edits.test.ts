import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { memoryTree } from "../../src/host/memory-tree.ts";
import { sourceNames } from "../../src/host/source-names.ts";
import { type Analysis, analyse, type LanguageContext } from "../../src/lsp/analyse.ts";
import { addLines, applyEdits, hardenEdits } from "../../src/lsp/edit-unit.ts";
import { sortDocument } from "../../src/lsp/load-document.ts";
import { allEdits } from "../../src/lsp/offer-actions.ts";
import { unitText } from "../../src/lsp/unit-text.ts";
import { loadBuiltInPack } from "../../src/rules/built-in-packs.ts";
import { systemdFacts } from "../../src/rules/systemd-facts.ts";

const services = join(import.meta.dirname, "..", "..", "fixtures", "services");
const files = readdirSync(services, { recursive: true, encoding: "utf8" }).filter(file =>
  file.endsWith(".service"),
);

const audit = {
  target: { version: 257, profile: 257, scope: "system", arch: "x86-64" },
  facts: systemdFacts(257, "x86-64"),
  pack: loadBuiltInPack("systemd-security"),
  rulePacks: [loadBuiltInPack("traps")],
} as const;

/** A document in a folder with other files. */
function see(path: string, text: string, others: Readonly<Record<string, string>> = {}): Analysis {
  const context: LanguageContext = {
    audit,
    tree: memoryTree({ ...others, [path]: text }),
    speak: ({ code }) => code,
    texts: new Map(),
    today: "2026-11-23",
    searchPath: [],
    defaultInstance: "test_instance",
  };
  const sort = sortDocument(path, sourceNames(context.tree, dirname(path)));
  if (sort === undefined) throw new Error(`${path} is no unit's`);
  return analyse(unitText(`file://${path}`, text, path), sort, context, "50-tightunit.conf");
}

function add(text: string, section: string, ...lines: string[]): string {
  const document = unitText("file:///a.service", text, "/a.service");
  return applyEdits(document, [addLines(document, section, lines)]);
}

describe("lines that are put into a unit", () => {
  it("stand at the end of their section, before the blanks and comments that lead to the next", () => {
    expect(add("[Service]\nUser=a\n\n# next\n[Install]\nWantedBy=b\n", "Service", "PrivateTmp=yes")).toBe(
      "[Service]\nUser=a\nPrivateTmp=yes\n\n# next\n[Install]\nWantedBy=b\n",
    );
  });

  it("stand in the last of several sections of the same name, which systemd reads last", () => {
    expect(add("[Service]\nUser=a\n[Unit]\n[Service]\nType=exec\n", "Service", "UMask=0077")).toBe(
      "[Service]\nUser=a\n[Unit]\n[Service]\nType=exec\nUMask=0077\n",
    );
  });

  it("keep the document's line ends, and end an open last line", () => {
    expect(add("[Service]\r\nUser=a", "Service", "UMask=0077")).toBe("[Service]\r\nUser=a\r\nUMask=0077\r\n");
  });

  it("do not become part of a continued line", () => {
    expect(add("[Service]\nUser=a \\\n", "Service", "UMask=0077")).toBe(
      "[Service]\nUser=a \\\n\nUMask=0077\n",
    );
  });

  it("begin a section that is missing", () => {
    expect(add("[Unit]\nDescription=a\n", "Service", "UMask=0077")).toBe(
      "[Unit]\nDescription=a\n\n[Service]\nUMask=0077\n",
    );
    expect(add("", "Service", "UMask=0077")).toBe("[Service]\nUMask=0077\n");
  });
});

describe("a proposal as edits of the document", () => {
  it("replaces the one line that sets a single value, and adds the rest", () => {
    const text = "[Service]\nExecStart=/bin/a\nUser=a\nProtectSystem=yes\n";
    const analysis = see("/src/a.service", text);
    const proposal = analysis.propose("balanced");
    if (proposal === undefined) throw new Error("no proposal");
    const after = applyEdits(analysis.document, hardenEdits(analysis, proposal.settings, proposal));
    expect(after.match(/^ProtectSystem=/gm)).toHaveLength(1);
    expect(after).toMatch(/^ProtectSystem=(full|strict)$/m);
  });

  it.each(files)("gives %s the score that was promised, at every level", file => {
    const text = readFileSync(join(services, file), "utf8");
    const path = `/src/${file.slice(file.lastIndexOf("/") + 1)}`;
    for (const level of ["safe", "balanced", "strict"] as const) {
      const analysis = see(path, text);
      const proposal = analysis.propose(level);
      if (proposal === undefined || proposal.settings.length === 0) continue;
      const edits = allEdits(analysis, proposal);
      expect(edits, "the edits keep the promise").toBeDefined();
      const after = see(path, applyEdits(analysis.document, edits ?? []));
      expect(after.audited.assessment?.exposure).toBe(proposal.after.exposure);
      expect(after.propose(level)?.settings.map(each => each.directive)).toEqual([]);
    }
  });
});

describe("a template of a source tree", () => {
  it("is read as what a build may make of it, and gets nothing added that the build fills in", () => {
    const text = "[Service]\nExecStart=@bindir@/bakery\nPrivateTmp=@PRIVATE_TMP@\n@EXTRA@\n";
    const analysis = see("/src/bakery.service.in", text);
    expect(analysis.audited.status).toBe("scored");
    expect(analysis.audited.findings.map(each => each.code)).toEqual([
      "placeholder-value",
      "placeholder-line",
    ]);
    const proposal = analysis.propose("strict");
    if (proposal === undefined) throw new Error("no proposal");
    expect(proposal.settings.map(each => each.directive)).not.toContain("PrivateTmp");
    const edits = allEdits(analysis, proposal) ?? [];
    const after = see("/src/bakery.service.in", applyEdits(analysis.document, edits));
    expect(after.audited.assessment?.exposure).toBe(proposal.after.exposure);
  });
});

describe("a drop-in", () => {
  const dropIn = "/src/bakery.service.d/10-tight.conf";

  it("is scored together with the fragment beside its folder", () => {
    const fragment = { "/src/bakery.service": "[Service]\nExecStart=/bin/bakery\n" };
    const without = see("/src/bakery.service", fragment["/src/bakery.service"]);
    const merged = see(dropIn, "[Service]\nPrivateTmp=yes\n", fragment);
    expect(merged.isAlone).toBe(false);
    expect(merged.audited.status).toBe("scored");
    expect(merged.audited.assessment?.exposure).toBeLessThan(without.audited.assessment?.exposure ?? 0);
  });

  it("is read by itself where there is no fragment: its typos are found, and nothing is said to be missing", () => {
    const alone = see(dropIn, "[Service]\nPrivateTmpp=yes\n");
    expect(alone.isAlone).toBe(true);
    expect(alone.audited.assessment).toBeUndefined();
    expect(alone.audited.findings.map(each => each.code)).toEqual(["unknown-key-meant"]);
    expect(alone.propose("strict")).toBeUndefined();
  });

  it("for all units of a type belongs to none in particular", () => {
    const shared = see("/src/service.d/10-all.conf", "[Service]\nPrivateTmp=yse\n", {
      "/src/every.service": "[Service]\nExecStart=/bin/a\n",
    });
    expect(shared.isAlone).toBe(true);
    expect(shared.audited.findings.map(each => each.code)).toEqual(["invalid-value-meant"]);
  });
});
