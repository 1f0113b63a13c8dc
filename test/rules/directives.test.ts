// The knowledge of directives is data; here it is held to what other data of the repository and systemd itself say.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Denial, type Directive, loadDirective, loadDirectives } from "../../src/rules/directives.ts";
import { loadNeedVocabulary } from "../../src/rules/needs.ts";
import { rulesFolder } from "../../src/rules/rule-files.ts";

const read = (path: string) => JSON.parse(readFileSync(join(rulesFolder(), path), "utf8"));
const directives = loadDirectives();
const kinds = new Map(loadNeedVocabulary().kinds.map(kind => [kind.kind, kind]));
const named = directives.map(directive => [directive.directive, directive] as const);
const denialsOf = (directive: Directive) => directive.values.flatMap(value => value.denies);

/** Checks that no directive is proposed for, and why. */
const LEFT_TO_PEOPLE: Readonly<Record<string, string>> = {
  UserOrDynamicUser: "another user means another owner of the service's files",
  SupplementaryGroups: "a group in a unit is there for a purpose",
  RootDirectoryOrRootImage: "somebody has to build the root and keep it up to date",
  Delegate: "off unless a unit needs it",
  AmbientCapabilities: "none unless a unit needs them",
};

/** Words of systemd's exec(5) that stand in `implies` beside assignments. */
const NAMESPACES = ["mount", "user", "network", "pid", "ipc", "uts", "cgroup"].map(
  name => `${name}-namespace`,
);

function split(need: string): { kind: string; subject: string | undefined } {
  const colon = need.indexOf(":");
  return colon < 0
    ? { kind: need, subject: undefined }
    : { kind: need.slice(0, colon), subject: need.slice(colon + 1) };
}

const isBelow = (path: string, folder: string) =>
  path === folder || path.startsWith(folder === "/" ? "/" : `${folder}/`);

/** Whether everything that `weak` denies, `strong` denies too. */
function covers(strong: Denial, weak: Denial): boolean {
  const [one, other] = [split(strong.need), split(weak.need)];
  if (one.kind !== other.kind) return false;
  if (strong.when !== undefined && strong.when !== weak.when) return false;
  if ((strong.until ?? Infinity) < (weak.until ?? Infinity)) return false;
  const { subject } = other;
  if (one.subject === undefined || one.subject === "*") {
    return (strong.except ?? []).every(
      name => name !== subject && (subject !== "*" || weak.except?.includes(name)),
    );
  }
  if (subject === undefined) return false;
  if (kinds.get(one.kind)?.subject !== "path") return one.subject === subject;
  return (
    isBelow(subject, one.subject) &&
    (strong.except ?? []).every(
      outer => !isBelow(subject, outer) && (!isBelow(outer, subject) || weak.except?.includes(outer)),
    )
  );
}

describe("knowledge of directives", () => {
  it.each(named)("%s has a word for each part of a page", (_, directive) => {
    for (const text of [directive.title, directive.explanation, directive.attack, directive.symptom])
      expect(text.trim()).not.toBe("");
    expect(directive.breaks.length).toBeGreaterThan(0);
    expect(directive.title).not.toMatch(/\.$/);
    for (const text of [directive.explanation, directive.attack, directive.symptom])
      expect(text).toMatch(/[.)]$/);
  });

  it.each(named)("%s denies in the vocabulary of needs alone", (_, directive) => {
    for (const denial of denialsOf(directive)) {
      const { kind, subject } = split(denial.need);
      expect(kinds.has(kind), denial.need).toBe(true);
      expect(subject !== undefined, denial.need).toBe(kinds.get(kind)?.subject !== undefined);
      if (kinds.get(kind)?.subject === "path" && subject !== "*" && subject !== "{}")
        expect(subject).toMatch(/^\//);
    }
  });

  it.each(named)("%s takes away more with each stricter value", (_, directive) => {
    if (directive.kind !== "ordered") return;
    directive.values.forEach((strong, rank) => {
      for (const weak of directive.values.slice(0, rank)) {
        for (const denial of weak.denies) {
          const isCovered = strong.denies.some(other => covers(other, denial));
          expect(isCovered, `${strong.value} must deny ${JSON.stringify(denial)} as ${weak.value} does`).toBe(
            true,
          );
        }
      }
    });
  });

  it.each(named)(
    "%s names only directives that there is knowledge about, or that systemd knows",
    (_, directive) => {
      const known = new Set<string>(
        read("systemd/keys.json").groups.flatMap((group: { keys: object }) => Object.keys(group.keys)),
      );
      const effects = directive.values
        .flatMap(value => value.implies ?? [])
        .map(implication => implication.effect);
      for (const effect of effects) {
        const [name = "", value] = effect.split("=");
        const provided = /^provides:(.*)$/.exec(effect)?.[1];
        if (provided !== undefined) expect(kinds.has(split(provided).kind), effect).toBe(true);
        else if (value === undefined) expect(NAMESPACES).toContain(name);
        else expect(known).toContain(name);
      }
      for (const companion of directive.companions ?? []) expect(known).toContain(companion.split("=")[0]);
      for (const value of directive.values)
        if (value.exception !== undefined)
          expect(loadDirective(value.exception), value.exception).toBeDefined();
    },
  );

  it.each(named)(
    "%s says the same when it makes a mount namespace as when mounts stay inside",
    (_, directive) => {
      for (const value of directive.values) {
        const isNew = (value.implies ?? []).some(
          ({ effect, since }) => effect === "mount-namespace" && since === undefined,
        );
        if (isNew)
          expect(
            value.denies.map(denial => denial.need),
            value.value,
          ).toContain("host-mounts");
      }
    },
  );

  it.each(named)(
    "%s takes capabilities and calls away in both words: as implied and as denied",
    (_, directive) => {
      for (const value of directive.values) {
        const denied = value.denies.map(denial => denial.need);
        for (const { effect } of value.implies ?? []) {
          const [name, list = ""] = effect.split("=~");
          if (name === "CapabilityBoundingSet")
            for (const cap of list.split(" ")) expect(denied).toContain(`cap:${cap}`);
          if (name === "SystemCallFilter")
            for (const call of list.split(" ")) expect(denied).toContain(`syscall:${call}`);
          if (effect === "NoNewPrivileges=yes") expect(denied).toContain("gain-privileges");
        }
      }
    },
  );

  it("leaves members to the list where a list is proposed", () => {
    for (const directive of directives.filter(
      ({ kind, propose }) => propose && ["capabilities", "families", "namespaces", "syscalls"].includes(kind),
    )) {
      expect(
        denialsOf(directive).some(denial => denial.need.endsWith(":{}")),
        directive.directive,
      ).toBe(true);
    }
  });

  it("proposes no value that stands for a blank to fill in", () => {
    for (const directive of directives.filter(({ propose }) => propose)) {
      for (const value of directive.values) expect(value.value, directive.directive).not.toMatch(/[{}]/);
    }
  });

  it("knows every call and set of calls that it denies", () => {
    const sets: Record<string, string> = read("systemd/257.json").sets;
    const words = new Set([...Object.keys(sets), ...Object.values(sets).flatMap(list => list.split(" "))]);
    for (const directive of directives) {
      for (const denial of denialsOf(directive)) {
        const { kind, subject = "" } = split(denial.need);
        if (kind === "syscall" && subject !== "{}") expect(words, directive.directive).toContain(subject);
      }
    }
  });

  it("writes ordered values in words that systemd's parser takes", () => {
    interface Parser {
      readonly directives: readonly string[];
      readonly parser: string;
      readonly words?: readonly string[];
      readonly hasBoolean?: boolean;
      readonly since?: number;
      readonly until?: number;
    }
    const parsers: readonly Parser[] = read("systemd/settings.json").settings;
    for (const directive of directives.filter(({ kind, propose }) => kind === "ordered" && propose)) {
      for (const value of directive.values) {
        const since = Math.max(directive.since, value.since ?? 0, 252);
        const parser = parsers.find(
          entry =>
            entry.directives.includes(directive.directive) &&
            (entry.since ?? 0) <= since &&
            since <= (entry.until ?? Infinity),
        );
        expect(parser, directive.directive).toBeDefined();
        // Taken as it is written.
        if (parser?.parser === "text") continue;
        const isBoolean = parser?.parser === "boolean" || parser?.hasBoolean === true;
        const words = [...(parser?.words ?? []), ...(isBoolean ? ["yes", "no"] : [])];
        expect(words, `${directive.directive} in ${since}`).toContain(value.value);
      }
    }
  });
});

describe("checks of the systemd-security pack", () => {
  const ids: readonly string[] = read("packs/systemd-security.json").checks.map(
    (check: { id: string }) => check.id,
  );

  it("are all there", () => expect(ids.length).toBe(81));

  it.each(ids)("%s is mended by a directive, or left to people with a reason", id => {
    const menders = directives.filter(directive => directive.checks?.includes(id));
    expect(menders.length, "no directive names it").toBeGreaterThan(0);
    const isProposed = menders.some(directive => directive.propose);
    expect(isProposed).toBe(!(id in LEFT_TO_PEOPLE));
  });

  it("are the only ones that directives claim to mend", () => {
    for (const directive of directives)
      for (const id of directive.checks ?? []) expect(ids, directive.directive).toContain(id);
  });
});

const factsFile = join(rulesFolder(), "..", "..", "shared", "facts", "directive-added-version.json");

describe.skipIf(!existsSync(factsFile))(
  `first versions against the collected ones${existsSync(factsFile) ? "" : " (skipped: the collection is not beside the repository)"}`,
  () => {
    const facts: Record<string, { added: number | null; man: string }> = existsSync(factsFile)
      ? JSON.parse(readFileSync(factsFile, "utf8"))
      : {};
    it.each(named)("%s", (name, directive) => {
      const fact = facts[name];
      expect(fact).toBeDefined();
      // Where the manual has no version, the directive is older than its oldest note.
      if (fact?.added === null) expect(directive.since).toBeLessThan(187);
      else expect(directive.since).toBe(fact?.added);
      expect(directive.man).toBe(`${fact?.man}(5)`);
    });
  },
);

describe("first versions", () => {
  const since = new Map<string, number>(
    read("systemd/keys.json")
      .groups.filter((group: { sections: readonly string[] }) => group.sections.includes("Service"))
      .flatMap((group: { keys: Record<string, [string, number?]> }) =>
        Object.entries(group.keys).map(([key, [, version]]) => [key, version ?? 0]),
      ),
  );
  it.each(named)("%s is known to systemd's own list of keys from no later version on", (name, directive) => {
    expect(since.has(name)).toBe(true);
    expect(since.get(name)).toBeLessThanOrEqual(
      [252, 254, 257, 262].find(version => version >= directive.since) ?? 262,
    );
    for (const value of directive.values)
      expect(value.since ?? directive.since).toBeGreaterThanOrEqual(directive.since);
  });
});

describe("generated pages", () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "directive-pages-"));
    writeFileSync(join(folder, "Gone.md"), "a page whose directive is gone\n");
    execFileSync(process.execPath, [join(rulesFolder(), "..", "bin", "dev", "docs.js"), "--out", folder]);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("are one for each directive and an index", () => {
    const pages = directives.map(({ directive }) => `${directive}.md`);
    expect(readdirSync(folder).sort()).toEqual([...pages, "README.md"].sort());
  });

  it("are all linked from the index", () => {
    const index = readFileSync(join(folder, "README.md"), "utf8");
    for (const { directive } of directives) expect(index).toContain(`(${directive}.md)`);
  });

  it.each(named)("%s.md has every part, and no blank", (name, directive) => {
    const page = readFileSync(join(folder, `${name}.md`), "utf8");
    const headings = page.split("\n").filter(line => line.startsWith("#"));
    expect(headings).toEqual([
      `# ${name}=`,
      "## Without it",
      "## Values, from weakest to strictest",
      "## What it breaks",
      "## How a breakage looks",
      "## Facts",
    ]);
    for (const text of [
      directive.title,
      directive.explanation,
      directive.attack,
      directive.symptom,
      directive.mend ?? "",
      directive.man,
    ])
      expect(page).toContain(text);
    for (const { what, why } of directive.breaks) expect(page).toContain(`- **${what}.** ${why}`);
    for (const value of directive.values) expect(page).toContain(`| \`${value.value}\` |`);
    for (const denial of denialsOf(directive)) expect(page).toContain(`\`${denial.need}\``);
    expect(page).not.toMatch(/undefined|\[object|NaN/);
    for (const [, target = ""] of page.matchAll(/\]\(([A-Za-z]+\.md)\)/g))
      expect(existsSync(join(folder, target)), target).toBe(true);
  });
});
