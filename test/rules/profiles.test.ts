import { readdirSync, readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";

// The profiles are checked as data, against the schema and the vocabulary, without the code that reads them.

interface ProfileNeed {
  readonly need: string;
  readonly because: string;
  readonly source: string;
  readonly depends?: string;
  readonly default?: boolean;
}
interface ProfileKey {
  readonly key: string;
  readonly as: string;
  readonly need?: string;
  readonly value?: string;
}
interface ProfileFile {
  readonly profile: string;
  readonly programs: readonly string[];
  readonly units?: readonly string[];
  readonly needs: readonly ProfileNeed[];
  readonly covers: readonly string[];
  readonly covers_source?: string;
  readonly config?: readonly {
    readonly path: string | readonly string[];
    readonly keys?: readonly ProfileKey[];
  }[];
  readonly loads?: readonly string[];
}
interface Kind {
  readonly kind: string;
  readonly subject?: string;
}

const rules = new URL("../../rules/", import.meta.url);
const read = (path: string): unknown => JSON.parse(readFileSync(new URL(path, rules), "utf8"));
const files = readdirSync(new URL("profiles/", rules))
  .filter(name => name.endsWith(".json"))
  .sort();
const profiles = files.map(name => ({ name, data: read(`profiles/${name}`) as ProfileFile }));
const kinds = new Map(
  (read("needs/needs.json") as { readonly kinds: readonly Kind[] }).kinds.map(kind => [kind.kind, kind]),
);
const sets = new Set(Object.keys((read("systemd/257.json") as { readonly sets: object }).sets));
const isValid = new Ajv2020({ strict: false, allErrors: true }).compile(
  read("schema/profile.schema.json") as object,
);

const SUBJECTS: Readonly<Record<string, RegExp>> = {
  family: /^AF_[A-Z0-9]+$/,
  cap: /^(\*|CAP_[A-Z_]+)$/,
  namespace: /^(\*|cgroup|ipc|mnt|net|pid|user|uts|time)$/,
  bind: /^(tcp|udp|sctp|\*):(\*|<?\d+(-\d+)?)$/,
  peer: /^(any|localhost|[0-9a-f.:]+(\/\d+)?)$/,
  "shared-files": /^(group|world)$/,
  device: /^(\*|\/dev\/[^\s]+)$/,
};

/** Why a need of a profile is not one, or nothing where it is well-formed. */
function complaint(text: string, isCoverage: boolean): string | undefined {
  const colon = text.indexOf(":");
  const name = colon < 0 ? text : text.slice(0, colon);
  const subject = colon < 0 ? undefined : text.slice(colon + 1);
  const kind = kinds.get(name);
  if (kind === undefined) return `no kind ${name}`;
  if (subject === undefined)
    return kind.subject === undefined || isCoverage ? undefined : `${name} wants a subject`;
  if (kind.subject === undefined) return `${name} has no subject`;
  if (name === "syscall")
    return subject.startsWith("@")
      ? sets.has(subject)
        ? undefined
        : `no set ${subject}`
      : /^[a-z0-9_]+$/.test(subject)
        ? undefined
        : `bad call ${subject}`;
  const pattern = SUBJECTS[name] ?? (kind.subject === "path" ? /^\/[^\s]*$/ : /^\S+$/);
  return pattern.test(subject) ? undefined : `bad subject ${subject}`;
}

const matcher = (glob: string): RegExp =>
  new RegExp(`^${glob.replace(/[.+^${}()|[\]\\]/g, "\\$&").replaceAll("*", "[^/]*")}$`);
/** Whether some program is meant by both: base names against base names, paths against paths, base names against paths' ends. */
function canMeet(one: string, other: string): boolean {
  const [a, b] =
    one.includes("/") === other.includes("/")
      ? [one, other]
      : [one.slice(one.lastIndexOf("/") + 1), other.slice(other.lastIndexOf("/") + 1)];
  return matcher(a).test(b.replaceAll("*", "x")) || matcher(b).test(a.replaceAll("*", "x"));
}

describe("program profiles", () => {
  test("there are at least seventy", () => expect(profiles.length).toBeGreaterThanOrEqual(70));

  test.each(profiles)("$name follows the schema and is named after its profile", ({ name, data }) => {
    expect(isValid(data) ? [] : isValid.errors).toEqual([]);
    expect(`${data.profile}.json`).toBe(name);
  });

  test.each(profiles)("$name speaks the vocabulary of needs", ({ data }) => {
    const enabled = (data.config ?? []).flatMap(file =>
      (file.keys ?? []).flatMap(key => (key.need === undefined ? [] : [key.need])),
    );
    expect(
      [...data.needs.map(entry => entry.need), ...enabled].flatMap(need => complaint(need, false) ?? []),
    ).toEqual([]);
    expect(data.covers.flatMap(need => complaint(need, true) ?? [])).toEqual([]);
  });

  test.each(profiles)(
    "$name says each need once, and once more where the service does its work without, with reason and source",
    ({ data }) => {
      const needs = data.needs.map(entry => `${entry.need} ${entry.soft === true}`);
      expect(new Set(needs).size).toBe(needs.length);
      for (const entry of data.needs) {
        for (const text of [entry.because, entry.source]) expect(text).toMatch(/^[\x20-\x7e…’]{3,200}$/);
        // A default without the configuration that it depends on, or the other way round, says nothing.
        expect(entry.default === undefined).toBe(entry.depends === undefined);
      }
    },
  );

  test.each(profiles.filter(({ data }) => data.covers.length > 0))(
    "$name says where its completeness comes from",
    ({ data }) => {
      expect(data.covers_source?.length).toBeGreaterThan(10);
    },
  );

  test.each(profiles)(
    "$name names absolute configuration files, keys that make sense and valid patterns",
    ({ data }) => {
      for (const file of data.config ?? []) {
        for (const path of [file.path].flat()) expect(path).toMatch(/^\//);
        for (const key of file.keys ?? []) {
          expect(key.as === "enables", key.key).toBe(key.need !== undefined);
          expect(() => new RegExp(key.value ?? "")).not.toThrow();
        }
      }
      for (const path of data.loads ?? []) expect(path).toMatch(/^\//);
    },
  );

  test("no program is matched by two profiles", () => {
    const claims = profiles.flatMap(({ name, data }) => data.programs.map(program => ({ name, program })));
    const clashes = claims.flatMap((one, index) =>
      claims
        .slice(index + 1)
        .flatMap(other =>
          one.name !== other.name && canMeet(one.program, other.program)
            ? [`${one.name} ${one.program} ~ ${other.name} ${other.program}`]
            : [],
        ),
    );
    expect(clashes).toEqual([]);
  });
});
