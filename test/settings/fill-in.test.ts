import { expect, it } from "vitest";
import { loadBuiltInPack } from "../../src/rules/built-in-packs.ts";
import { systemdFacts, systemdProfiles } from "../../src/rules/systemd-facts.ts";
import { standsIn } from "../../src/settings/fill-in.ts";

it("lets stand-ins serve only where no check is decided by the value", () => {
  const checks = loadBuiltInPack("systemd-security").checks ?? [];
  const assessed = checks.map(({ directive, assess, overrides, unprivilegedOnly }) => [
    directive,
    assess,
    overrides,
    unprivilegedOnly,
  ]);
  const text = JSON.stringify(assessed);
  const mentioned = new Set(text.match(/[A-Z][A-Za-z]+/g));
  for (const profile of systemdProfiles) {
    for (const [directive, { parser }] of systemdFacts(profile, "x86-64").settings) {
      if (standsIn.has(parser)) expect(mentioned.has(directive), `${directive} of ${profile}`).toBe(false);
    }
  }
});
