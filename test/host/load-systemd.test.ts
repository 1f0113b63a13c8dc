import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { directoryTree } from "../../src/host/directory-tree.ts";
import { loadUnit } from "../../src/host/load-unit.ts";
import { assignmentsOf, type LoadedUnit } from "../../src/host/loaded-unit.ts";
import { indexUnits } from "../../src/host/unit-index.ts";
import { hasSystemdAnalyze, judgeOffline, systemdAnalyzeNote } from "../support/systemd-analyze.ts";

const folders = [
  "etc/systemd/system",
  "run/systemd/system",
  "usr/local/lib/systemd/system",
  "usr/lib/systemd/system",
];
const markers = [
  "LockPersonality",
  "NoNewPrivileges",
  "PrivateNetwork",
  "ProtectHostname",
  "RestrictRealtime",
  "PrivateUsers",
];
const units = [
  "oven.service",
  "oven-north.service",
  "oven-north-top.service",
  "bread@.service",
  "bread@rye.service",
  "bread-dark@.service",
  "bread-dark@rye.service",
  "flour.service",
  "oven.socket",
];
const asked = [
  ...units.filter(name => !name.endsWith("socket")),
  "bread@wheat.service",
  "bread-dark@a-b.service",
];
const dropInFolders = [
  ...asked,
  "oven-.service",
  "oven-north-.service",
  "bread-.service",
  "bread-@.service",
  "bread-@rye.service",
  "service",
].map(name => `${name}.d`);
const dropInNames = ["10-yeast.conf", "20-salt.conf", "B.conf", "é.conf", ".hidden.conf", "notes.txt"];

type Content =
  | { readonly kind: "file"; readonly text: string }
  | { readonly kind: "link"; readonly to: string }
  | { readonly kind: "folder" };

const settings = fc
  .array(fc.tuple(fc.constantFrom(...markers), fc.constantFrom("yes", "no")), { minLength: 1, maxLength: 4 })
  .map(pairs => pairs.map(([key, value]) => `${key}=${value}\n`).join(""));
const link = (...targets: readonly fc.Arbitrary<string>[]) =>
  fc.oneof(...targets).map((to): Content => ({ kind: "link", to }));
const file = (text: fc.Arbitrary<string>) => text.map((text): Content => ({ kind: "file", text }));

const fragment = fc.oneof(
  { weight: 6, arbitrary: file(settings.map(lines => `[Service]\nExecStart=/bin/true\n${lines}`)) },
  {
    weight: 1,
    arbitrary: file(
      fc.constantFrom(
        "",
        "[Service]\nExecStart=/bin/true\n[Install\n",
        "[Service]\nExecStart=/bin/true\n# \xff\n",
      ),
    ),
  },
  {
    weight: 5,
    arbitrary: link(
      fc.constantFrom(...units),
      fc
        .tuple(fc.constantFrom(...folders), fc.constantFrom(...units))
        .map(([folder, unit]) => `/${folder}/${unit}`),
      fc.constantFrom(
        "/dev/null",
        "/opt/nowhere-at-all/oven.service",
        "../../../opt/oven.service",
        "gone.service",
        "a b",
      ),
    ),
  },
);
const dropIn = fc.oneof(
  { weight: 8, arbitrary: file(settings.map(lines => `[Service]\n${lines}`)) },
  {
    weight: 1,
    arbitrary: file(fc.constantFrom("", "[Service]\nLockPersonality=yes\n[X\nNoNewPrivileges=yes\n")),
  },
  {
    weight: 1,
    arbitrary: link(fc.constantFrom("/dev/null", "gone.conf", "/opt/nowhere-at-all/x.conf", "10-yeast.conf")),
  },
  { weight: 1, arbitrary: fc.constant<Content>({ kind: "folder" }) },
);
const trees = fc
  .tuple(
    fc.array(fc.tuple(fc.constantFrom(...folders), fc.constantFrom(...units), fragment), {
      minLength: 3,
      maxLength: 10,
    }),
    fc.array(
      fc.tuple(
        fc.constantFrom(...folders),
        fc.constantFrom(...dropInFolders),
        fc.constantFrom(...dropInNames),
        dropIn,
      ),
      { maxLength: 12 },
    ),
    fc.option(settings),
  )
  .map(([fragments, dropIns, linked]) => {
    const entries = new Map<string, Content>();
    for (const [folder, name, content] of fragments) entries.set(`${folder}/${name}`, content);
    for (const [folder, name, base, content] of dropIns) entries.set(`${folder}/${name}/${base}`, content);
    if (linked !== null)
      entries.set("opt/oven.service", { kind: "file", text: `[Service]\nExecStart=/bin/true\n${linked}` });
    return [...entries];
  });

function writeTree(entries: readonly (readonly [string, Content])[]): string {
  const root = mkdtempSync(join(tmpdir(), "tightunit-load-"));
  for (const [path, content] of entries) {
    const full = join(root, path);
    mkdirSync(dirname(full), { recursive: true });
    if (content.kind === "link") symlinkSync(content.to, full);
    else if (content.kind === "file") writeFileSync(full, content.text, "latin1");
    else mkdirSync(full);
  }
  return root;
}

function goodMarkers(unit: LoadedUnit): string[] {
  const last = new Map([...assignmentsOf(unit)].map(({ key, value }) => [key, value]));
  return markers.filter(marker => last.get(marker) === "yes");
}

describe.skipIf(!hasSystemdAnalyze)(
  `generated trees load as the machine's systemd loads them${systemdAnalyzeNote}`,
  () => {
    test("fragments, aliases, masks, instances, drop-ins", () => {
      fc.assert(
        fc.property(trees, fc.constantFrom(...asked), (entries, name) => {
          const root = writeTree(entries);
          try {
            const source = {
              tree: directoryTree(root),
              scope: "system",
              extraDirectories: [],
              absoluteLinks: "ignore",
            } as const;
            const ours = loadUnit(indexUnits(source), name, { defaultInstance: "i" });
            const theirs = judgeOffline(root, name);
            expect(ours.status === "error" ? "refused" : ours.status).toBe(theirs.status);
            // The order of the aliases of one unit is a matter of chance in systemd, so a clash between them is none here.
            if (ours.status !== "loaded" || ours.names.length > 2) return;
            expect(ours.name).toBe(theirs.name);
            expect(goodMarkers(ours)).toEqual(markers.filter(marker => theirs.good.has(marker)));
          } finally {
            rmSync(root, { recursive: true });
          }
        }),
        { numRuns: Number(process.env.TIGHTUNIT_RUNS ?? 150) },
      );
    });
  },
);
