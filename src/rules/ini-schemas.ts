// rules/schema/config.schema.json and waivers.schema.json, as far as an editor wants to know: which sections and keys there
// are, what each means, and what it takes.
import { readRuleFile } from "./rule-files.ts";

export interface IniKey {
  readonly key: string;
  readonly description: string;
  /** The words that it takes, where it takes no others. */
  readonly words: readonly string[];
  /** Written `key[]`, once for each value. */
  readonly isList: boolean;
}

export interface IniSection {
  /** As it is written between the brackets: `gate`, `unit "PATTERN"`, `UNIT RULE`. */
  readonly name: string;
  readonly description: string;
  readonly keys: readonly IniKey[];
  /** Keys that are no fixed words: names of packs or rules, with what each takes. */
  readonly anyKey?: Omit<IniKey, "key">;
}

interface Schema {
  readonly $ref?: string;
  readonly description?: string;
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly $defs?: Readonly<Record<string, Schema>>;
}

/** The sections of tightunit.conf. */
export function configSections(): readonly IniSection[] {
  const schema = readRuleFile<Schema>("schema/config.schema.json");
  const fixed = Object.entries(schema.properties ?? {}).map(([name, section]) =>
    sectionOf(name, section, schema),
  );
  const parts = Object.values(schema.patternProperties ?? {}).map(section =>
    sectionOf(section.description?.match(/^\[([^\]]+)\]/)?.[1] ?? "", section, schema),
  );
  return [...fixed, ...parts];
}

/** The one kind of section that tightunit.waivers has. */
export function waiverSections(): readonly IniSection[] {
  const schema = readRuleFile<Schema>("schema/waivers.schema.json");
  const waiver = schema.$defs?.["waiver"] ?? {};
  return [sectionOf("UNIT RULE", waiver, schema)];
}

function sectionOf(name: string, written: Schema, schema: Schema): IniSection {
  const section = { ...resolve(written, schema), ...written };
  const keys = Object.entries(section.properties ?? {}).map(([key, value]) => ({
    key,
    ...keyOf(value, schema),
  }));
  const { additionalProperties: others } = section;
  const base = { name, description: section.description ?? "", keys };
  return typeof others === "object" ? { ...base, anyKey: keyOf(others, schema) } : base;
}

function keyOf(written: Schema, schema: Schema): Omit<IniKey, "key"> {
  const resolved = resolve(written, schema);
  return {
    description: written.description ?? resolved.description ?? "",
    words: resolved.enum ?? [],
    isList: resolved.type === "array",
  };
}

function resolve(written: Schema, schema: Schema): Schema {
  const name = written.$ref?.replace("#/$defs/", "");
  return name === undefined ? written : (schema.$defs?.[name] ?? written);
}
