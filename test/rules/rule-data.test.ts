// Every file of rule data is held to its schema here, so that the program need not do it at each start.
import { readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { loadBuiltInPack } from "../../src/rules/built-in-packs.ts";
import { directiveNames, loadDirectives } from "../../src/rules/directives.ts";
import { loadPack } from "../../src/rules/load-pack.ts";
import { loadMessages, messagesOf } from "../../src/rules/messages.ts";
import { loadNeedVocabulary } from "../../src/rules/needs.ts";
import { loadProfiles } from "../../src/rules/profiles.ts";
import { listRuleFiles, rulesFolder } from "../../src/rules/rule-files.ts";

const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true });
const read = (path: string) => JSON.parse(readFileSync(join(rulesFolder(), path), "utf8"));

const dataFiles = ["directives", "gate", "live", "needs", "packs", "profiles", "sources", "systemd"].flatMap(
  folder => listRuleFiles(folder).map(name => `${folder}/${name}.json`),
);

function schemaOf(path: string): string {
  const named = read(path).$schema;
  return join(dirname(path), named ?? `../schema/${dirname(path).replace(/s$/, "")}.schema.json`);
}

describe("rule data", () => {
  it.each(dataFiles)("%s follows its schema", path => {
    const schema = schemaOf(path);
    const validate = ajv.getSchema(basename(schema)) ?? ajv.compile(read(schema));
    validate(read(path));
    expect(validate.errors ?? []).toEqual([]);
  });

  it("compiles every schema in ajv's strict mode", () => {
    for (const name of listRuleFiles("schema")) {
      const schema = read(`schema/${name}.json`);
      expect(() => ajv.getSchema(schema.$id) ?? ajv.compile(schema), name).not.toThrow();
    }
  });

  it("is accepted by the loader that users' packs go through", () => {
    for (const name of listRuleFiles("packs")) {
      const path = `packs/${name}.json`;
      expect(loadPack(readFileSync(join(rulesFolder(), path), "utf8"), path).diagnostics, name).toEqual([]);
    }
  });

  it("names each file after what is in it", () => {
    for (const directive of loadDirectives()) expect(directiveNames()).toContain(directive.directive);
    for (const profile of loadProfiles()) expect(listRuleFiles("profiles")).toContain(profile.profile);
    for (const name of listRuleFiles("packs")) expect(loadBuiltInPack(name).pack).toBe(name);
  });

  it("gives each message one meaning, in a sentence", () => {
    const codes = listRuleFiles("messages").flatMap(name => Object.keys(read(`messages/${name}.json`)));
    expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([]);
    for (const text of Object.values(loadMessages())) expect(text).toMatch(/\S/);
    const rules = listRuleFiles("packs").flatMap(name => Object.keys(messagesOf(loadBuiltInPack(name))));
    expect(rules.filter(rule => codes.includes(rule))).toEqual([]);
  });

  it("speaks of needs that the vocabulary has", () => {
    const kinds = new Set(loadNeedVocabulary().kinds.map(kind => kind.kind));
    const denied = loadDirectives().flatMap(directive =>
      directive.values.flatMap(value => value.denies.map(denial => `${directive.directive}: ${denial.need}`)),
    );
    const needed = loadProfiles().flatMap(profile =>
      profile.needs.map(need => `${profile.profile}: ${need.need}`),
    );
    const unknown = [...denied, ...needed].filter(
      each => !kinds.has(each.split(": ")[1]?.split(":")[0] ?? ""),
    );
    expect(unknown).toEqual([]);
  });

  it("ties directives to checks that the pack has", () => {
    const checks = new Set(loadBuiltInPack("systemd-security").checks?.map(check => check.id));
    const unknown = loadDirectives().flatMap(directive =>
      (directive.checks ?? []).filter(id => !checks.has(id)),
    );
    expect(unknown).toEqual([]);
  });
});
