import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { templateFacts } from "../../src/rules/templates.ts";
import { fillPlaceholders } from "../../src/unit/fill-placeholders.ts";
import { parseUnit } from "../../src/unit/parse-unit.ts";
import { printUnit } from "../../src/unit/print-unit.ts";

const fill = (text: string) =>
  fillPlaceholders(parseUnit(new TextEncoder().encode(text), "bakery.service.in"), templateFacts());
const valuesOf = (text: string) =>
  fill(`[Service]\n${text}`).nodes.flatMap(node =>
    node.kind === "assignment" ? [`${node.key}=${node.value}`] : [],
  );

describe("stand-ins for placeholders", () => {
  it.each([
    ["ExecStart=@bindir@/bake", "ExecStart=/usr/bin/bake"],
    ["ExecStart=-@BAKERY_HOME@/bake", "ExecStart=-/placeholder/bake"],
    ["ExecStart={{LIBEXECDIR}}/bake", "ExecStart=/usr/libexec/bake"],
    ["ExecStart={{ bakery.program }} --hot", "ExecStart=placeholder --hot"],
    ["ExecStart=%%PREFIX%%/sbin/bake", "ExecStart=/usr/sbin/bake"],
    ["ExecStart=<%= @bindir %>/bake", "ExecStart=/usr/bin/bake"],
    [
      "ExecStart=${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_BINDIR}/bake $OPTS ${MORE}",
      "ExecStart=/usr/bin/bake $OPTS ${MORE}",
    ],
    ["User=@BAKERY_USER@", "User=placeholder"],
    ["ReadWritePaths=@localstatedir@/lib/a -@rundir@/b", "ReadWritePaths=/var/lib/a -/run/b"],
  ])("%s is read as %s", (written, read) => {
    expect(valuesOf(`${written}\n`)).toEqual([read]);
  });

  it.each([
    "ExecStart=/usr/bin/bake %i ${OPTS} user@example.org",
    "SystemCallFilter=@system-service @chown",
    "Description=50 %% off",
    "ExecStart=@/bin/sh sh -c 'a @ b'",
  ])("%s has none", written => {
    const [, assignment] = fill(`[Service]\n${written}\n`).nodes;
    expect(assignment).not.toHaveProperty("placeholders");
  });

  it("are named with the assignment that has them", () => {
    const [, assignment] = fill("[Service]\nExecStart=@bindir@/a {{ b }}\n").nodes;
    expect(assignment).toMatchObject({ placeholders: ["@bindir@", "{{ b }}"] });
  });
});

describe("a line that is filled in as a whole", () => {
  it.each(["@EXTRA@", "{% if hot %}", "{{ line }}", "@KEY@=value", "{% if a %}PrivateTmp=yes{% endif %}"])(
    "%s is left out with a note, and is no mistake",
    line => {
      const tree = fill(`[Service]\n${line}\nUser=baker\n`);
      expect(tree.nodes.map(node => node.kind)).toEqual(["section", "ignored", "assignment"]);
      expect(tree.diagnostics).toMatchObject([
        { code: "placeholder-line", severity: "note", position: { line: 2 } },
      ]);
    },
  );

  it("leaves real mistakes to be said", () => {
    expect(fill("[Service]\n@EXTRA@\noops\n").diagnostics.map(each => each.code)).toEqual([
      "placeholder-line",
      "missing-equals",
    ]);
  });
});

it("keeps every byte and every place of any text, in time that is linear", () => {
  const part = fc.constantFrom(
    "@",
    "{{",
    "}}",
    "{%",
    "%}",
    "${",
    "}",
    "%%",
    "<%",
    "%>",
    "A",
    "=",
    "\n",
    " ",
    "é",
    "[S]",
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 60 }), parts => {
      const bytes = new TextEncoder().encode(parts.join(""));
      const tree = parseUnit(bytes, "a.service.in");
      const filled = fillPlaceholders(tree, templateFacts());
      expect(Buffer.from(printUnit(filled))).toEqual(Buffer.from(bytes));
      expect(filled.nodes.map(node => node.position)).toEqual(tree.nodes.map(node => node.position));
    }),
  );
  const started = performance.now();
  for (const flood of [
    "@a".repeat(30_000),
    "{{".repeat(30_000),
    "{%".repeat(30_000),
    "<%".repeat(30_000),
    "${a".repeat(20_000),
  ])
    fill(`[Service]\nExecStart=${flood}\n`);
  expect(performance.now() - started).toBeLessThan(5000);
});
