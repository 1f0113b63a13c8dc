import { describe, expect, test } from "vitest";
import { expandPattern, isPattern } from "../../src/host/glob.ts";
import { memoryTree } from "../../src/host/memory-tree.ts";
import { matchesKey, plainKey } from "../../src/needs/config/read-config.ts";
import { type Condition, loadProfiles } from "../../src/rules/profiles.ts";

// What profiles look up: every path, key and pattern is one that the readers can find something with.
const profiles = loadProfiles().filter(
  profile => profile.config !== undefined || profile.needs.some(need => need.when !== undefined),
);
const conditionsOf = (profile: (typeof profiles)[number]): readonly Condition[] => [
  ...profile.needs.flatMap(need => need.when ?? []),
  ...(profile.config ?? []).flatMap(file => (file.keys ?? []).flatMap(key => key.when ?? [])),
];

describe("what profiles ask of configuration", () => {
  test("at least forty profiles ask", () => expect(profiles.length).toBeGreaterThanOrEqual(40));

  test.each(profiles.map(profile => [profile.profile, profile] as const))(
    "%s asks well-formed questions",
    (_name, profile) => {
      const files = profile.config ?? [];
      for (const { path, variables = [] } of files)
        for (const each of [path, ...variables]) {
          expect(each).toMatch(/^\/(?:[^\s/]+\/)*[^\s/]+$/);
          expect(each).not.toMatch(/\/\.{1,2}(?:\/|$)|[{}]/);
        }
      expect(new Set(files.map(({ path }) => path)).size).toBe(files.length);
      for (const key of files.flatMap(file => file.keys ?? [])) {
        expect(key.key).not.toBe("");
        expect(matchesKey(key.key, plainKey(key.key.replaceAll("*", "x")))).toBe(true);
        expect(() => new RegExp(key.value ?? "", "i")).not.toThrow();
        if (key.protocol !== undefined) expect(key.as).toBe("listen");
      }
      for (const condition of conditionsOf(profile)) {
        expect(() => new RegExp(condition.value ?? "", "i")).not.toThrow();
        expect(() => new RegExp(condition.argument ?? "")).not.toThrow();
        if (condition.key !== undefined) expect(files.length, condition.key).toBeGreaterThan(0);
        if (condition.path !== undefined) expect(files.map(file => file.path)).toContain(condition.path);
        if (condition.exists !== undefined) {
          const there = condition.exists.replace(/\[[^\]]*\]/g, "x").replaceAll(/[*?]+/g, "x");
          expect(expandPattern(memoryTree({ [there]: "" }), condition.exists)).toEqual([there]);
          expect(isPattern(there)).toBe(false);
        }
      }
    },
  );

  test.each(profiles.map(profile => [profile.profile, profile] as const))(
    "%s has patterns that take no longer than the text is long",
    (_name, profile) => {
      const keys = (profile.config ?? []).flatMap(file => file.keys ?? []);
      const patterns = [...conditionsOf(profile), ...keys].flatMap(({ value }) => value ?? []);
      const words = ["/home/", " ", "a", "1", ":1", "127.0.0.1 ", "'", ",", "-", "socket "];
      for (const pattern of new Set(patterns)) {
        const start = performance.now();
        for (const word of words) new RegExp(pattern, "i").test(word.repeat(4096 / word.length));
        expect(performance.now() - start, pattern).toBeLessThan(200);
      }
    },
  );

  test.each(profiles.map(profile => [profile.profile, profile] as const))(
    "%s asks only for needs that depend on something",
    (_name, profile) => {
      for (const need of profile.needs)
        if (need.when !== undefined) expect(need.depends, need.need).toBeDefined();
    },
  );
});
