// The schemas of the files that people write: an editor shows what they say, so every part has to say something.
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { readWaiverFile } from "../../src/cli/waiver-file.ts";
import { type RuleNames, ruleNames } from "../../src/gate/rule-names.ts";

const { resolve } = createRequire(import.meta.url);
const written = ["config", "pack", "waivers"];
const schemaOf = (name: string) =>
  JSON.parse(readFileSync(resolve(`tightunit/rules/schema/${name}.schema.json`), "utf8"));

/** Paths of properties that nothing describes, neither themselves nor what they refer to. */
function undescribed(schema: unknown): readonly string[] {
  const at = (ref: string): object =>
    ref
      .slice(2)
      .split("/")
      .reduce((node, key) => Object(Reflect.get(Object(node), key)), Object(schema));
  const found: string[] = [];
  const walk = (node: unknown, path: string): void => {
    if (typeof node !== "object" || node === null) return;
    for (const [key, value] of Object.entries(Object(Reflect.get(node, "properties") ?? {}))) {
      const { $ref, description, const: constant } = Object(value);
      const ofRef = typeof $ref === "string" ? Object(at($ref)).description : undefined;
      if (description === undefined && ofRef === undefined && constant === undefined)
        found.push(`${path}/${key}`);
    }
    for (const [key, value] of Object.entries(node)) walk(value, `${path}/${key}`);
  };
  walk(schema, "");
  return found;
}

describe("the published schema", () => {
  it.each(written)("of %s is exported by the package, has a title, and describes each of its parts", name => {
    expect(existsSync(resolve(`tightunit/rules/schema/${name}.schema.json`))).toBe(true);
    const schema = schemaOf(name);
    expect(schema.title).toMatch(/\w/);
    expect(undescribed(schema)).toEqual([]);
  });

  it("of waivers takes what the program takes, and nothing else of its kind", () => {
    const validate = new Ajv2020({ strict: true }).compile(schemaOf("waivers"));
    const names: RuleNames = ruleNames([]);
    const cases: readonly (readonly [string, Record<string, string>, boolean])[] = [
      ["bakery.service exposure", { reason: "known", until: "2030-01-31" }, true],
      ["bakery*.service unknown-directive PrivateTmpp", { reason: "known", until: "2030-01-31" }, true],
      ["bakery.service", { reason: "known", until: "2030-01-31" }, false],
      ["bakery.service exposure", { reason: "known" }, false],
      ["bakery.service exposure", { reason: "known", until: "soon" }, false],
      ["bakery.service exposure", { reason: "known", until: "2030-01-31", by: "me" }, false],
    ];
    for (const [section, fields, isGood] of cases) {
      const lines = Object.entries(fields).map(([key, value]) => `${key} = ${value}`);
      const read = readWaiverFile(`[${section}]\n${lines.join("\n")}\n`, "tightunit.waivers", names);
      expect(read.diagnostics.length === 0, section).toBe(isGood);
      expect(validate({ [section]: fields }), section).toBe(isGood);
    }
  });
});
