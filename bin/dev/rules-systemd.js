// Writes rules/systemd/: the keys of each section, the system-call sets of each profile, the names that libseccomp knows.
//
//   node bin/dev/rules-systemd.js SOURCE…
//
// A SOURCE is either a folder of saved outputs of one systemd, named after its version (`252/`), with
//   dump-configuration-items.txt   systemd --dump-configuration-items
//   syscall-filter.txt             systemd-analyze syscall-filter
// or a JSON file that holds the same, already parsed:
//   known-keys.json                       {"252": {"Service": {"PrivateTmp": "BOOLEAN"}}}
//   syscall-sets.json                     {"252": [{"name": "@default", "value": ["brk", …]}]}
//   directive-added-version.json          {"PrivateTmp": {"added": 183}}
//   libseccomp-native-by-arch.json        {"2.5.4": {"x86_64": ["accept", …]}}
//   libseccomp-resolve-*.json             {"arch": "x86-64", "by_libseccomp": {"2.5.4": {"accept": 43}}}
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const target = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "rules", "systemd");

/** The systemd versions that we hold exact facts of, and the libseccomp that each was checked with. */
const profiles = { 252: "2.5.4", 254: "2.5.4", 257: "2.6.0", 262: "2.6.0" };

/** libseccomp's names of architectures → systemd's. */
const architectures = {
  x86_64: "x86-64",
  aarch64: "arm64",
  mips: "mips",
  mips64: "mips64",
  mips64n32: "mips64-n32",
  ppc64: "ppc64",
  sh: "sh",
};

const known = {};
const sets = {};
const added = {};
const native = {};

function readOutputs(folder) {
  const version = basename(folder);
  for (const file of readdirSync(folder)) {
    const text = readFileSync(join(folder, file), "utf8");
    if (file === "dump-configuration-items.txt") known[version] = parseItems(text);
    if (file === "syscall-filter.txt") sets[version] = parseSets(text);
  }
}

/** `[Section]` headers and `Key=TYPE` lines. */
function parseItems(text) {
  const sections = {};
  let section = {};
  for (const line of text.split("\n")) {
    const header = /^\[(.+)\]$/.exec(line);
    const item = /^([A-Za-z0-9]+)=(.*)$/.exec(line);
    if (header) section = sections[header[1]] ??= {};
    else if (item) section[item[1]] = item[2];
  }
  return sections;
}

/** A set's name stands at the margin, its members are indented, a description begins with `#`. */
function parseSets(text) {
  const found = [];
  for (const line of text.split("\n")) {
    if (/^@[a-z-]+$/.test(line)) found.push({ name: line, value: [] });
    else if (line === "") continue;
    else if (/^ +[@a-z_0-9-]+$/.test(line)) found.at(-1)?.value.push(line.trim());
    else if (!/^ *#/.test(line)) break;
  }
  return found.filter(set => set.name !== "@known");
}

function readJson(file) {
  const content = JSON.parse(readFileSync(file, "utf8"));
  const name = basename(file);
  if (name.startsWith("known-keys")) Object.assign(known, content);
  else if (name.startsWith("syscall-sets")) Object.assign(sets, content);
  else if (name.startsWith("directive-added"))
    for (const [key, value] of Object.entries(content)) added[key] = value.added;
  else if (name.startsWith("libseccomp-native"))
    for (const [version, archs] of Object.entries(content))
      native[version] = { ...native[version], ...archs };
  else if (name.startsWith("libseccomp-resolve")) {
    for (const [version, numbers] of Object.entries(content.by_libseccomp)) {
      native[version] ??= {};
      const archs = native[version];
      archs[content.arch] = Object.keys(numbers).filter(call => numbers[call] >= 0);
      archs._all_known = [
        ...new Set([
          ...(archs._all_known ?? []),
          ...Object.keys(numbers).filter(call => numbers[call] !== -1),
        ]),
      ];
    }
  } else throw new Error(`${file}: not a file that this script knows`);
}

/** When a key came and went, as far as it lies between the versions that were looked at. */
function rangeOf(key, versions, has) {
  const present = versions.filter(has);
  const first = versions.indexOf(present[0]);
  const since = first === 0 ? undefined : between(added[key], versions[first - 1], versions[first]);
  const last = present.at(-1);
  return { since, until: last === versions.at(-1) ? undefined : Number(last) };
}

const between = (version, before, at) =>
  version > Number(before) && version <= Number(at) ? version : Number(at);

function writeKeys() {
  const versions = Object.keys(known).sort((a, b) => a - b);
  const bySections = new Map();
  const rows = new Map();
  for (const section of new Set(versions.flatMap(version => Object.keys(known[version])))) {
    for (const key of new Set(versions.flatMap(version => Object.keys(known[version][section] ?? {})))) {
      const has = version => known[version][section]?.[key] !== undefined;
      const { since, until } = rangeOf(key, versions, has);
      const type = known[versions.filter(has).at(-1)][section][key];
      const row = JSON.stringify([type, ...(since || until ? [since ?? 0] : []), ...(until ? [until] : [])]);
      const id = `${key} ${row}`;
      rows.set(id, [key, row]);
      bySections.set(id, [...(bySections.get(id) ?? []), section]);
    }
  }
  const groups = new Map();
  for (const [id, sections] of bySections) {
    const name = sections.sort().join(" ");
    groups.set(name, [...(groups.get(name) ?? []), rows.get(id)]);
  }
  const lines = [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, keys]) => {
      const items = keys
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, row]) => `      ${JSON.stringify(key)}: ${row}`);
      return `    { "sections": ${JSON.stringify(name.split(" "))}, "keys": {\n${items.join(",\n")}\n    } }`;
    });
  writeFileSync(
    join(target, "keys.json"),
    `{\n  "$schema": "../schema/systemd-keys.schema.json",\n  "groups": [\n${lines.join(",\n")}\n  ]\n}\n`,
  );
}

function writeProfiles() {
  for (const [version, libseccomp] of Object.entries(profiles)) {
    if (!sets[version]) continue;
    const lines = sets[version].map(
      set => `    ${JSON.stringify(set.name)}: ${JSON.stringify(set.value.join(" "))}`,
    );
    writeFileSync(
      join(target, `${version}.json`),
      `{\n  "$schema": "../schema/systemd-profile.schema.json",\n  "version": ${version},\n  "libseccomp": "${libseccomp}",\n  "sets": {\n${lines.join(",\n")}\n  }\n}\n`,
    );
  }
}

/** Every name once, and per architecture one bit a name, in hexadecimal: the first name is the highest bit of the first digit. */
function writeLibseccomp() {
  for (const version of new Set(Object.values(profiles))) {
    const archs = native[version];
    if (!archs) continue;
    const { _all_known: names = [...new Set(Object.values(archs).flat())], ...rest } = archs;
    names.sort();
    const lines = [];
    const seen = new Set();
    for (const [arch, calls] of Object.entries(rest)) {
      const name = architectures[arch] ?? arch;
      if (seen.has(name)) continue;
      seen.add(name);
      const has = new Set(calls);
      let digits = "";
      for (let i = 0; i < names.length; i += 4) {
        digits += [0, 1, 2, 3]
          .reduce((sum, bit) => sum * 2 + (has.has(names[i + bit]) ? 1 : 0), 0)
          .toString(16);
      }
      lines.push(`    ${JSON.stringify(name)}: "${digits}"`);
    }
    writeFileSync(
      join(target, `libseccomp-${version}.json`),
      `{\n  "$schema": "../schema/libseccomp.schema.json",\n  "version": "${version}",\n  "names": ${JSON.stringify(names.join(" "))},\n  "native": {\n${lines.sort().join(",\n")}\n  }\n}\n`,
    );
  }
}

const sources = process.argv.slice(2);
if (sources.length === 0) {
  process.stderr.write(
    "usage: node bin/dev/rules-systemd.js SOURCE…  (folders of saved outputs or JSON files)\n",
  );
  process.exit(2);
}
for (const source of sources) {
  if (statSync(source).isDirectory()) readOutputs(source);
  else readJson(source);
}
if (Object.keys(known).length > 0) writeKeys();
writeProfiles();
writeLibseccomp();
