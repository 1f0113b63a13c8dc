import { describe, expect, test } from "vitest";
import { directoryTree } from "../../src/host/directory-tree.ts";
import { listUnits } from "../../src/host/list-units.ts";
import { loadUnit } from "../../src/host/load-unit.ts";
import { assignmentsOf, type LoadedUnit } from "../../src/host/loaded-unit.ts";
import { type MemoryEntry, memoryTree } from "../../src/host/memory-tree.ts";
import { hostSearchPath } from "../../src/host/search-path.ts";
import { indexUnits, type UnitSource } from "../../src/host/unit-index.ts";

const options = { defaultInstance: "i" };
const service = "[Service]\nExecStart=/bin/true\n";

function indexOf(entries: Record<string, MemoryEntry>, source: Partial<UnitSource> = {}) {
  return indexUnits({ tree: memoryTree(entries), scope: "system", extraDirectories: [], ...source });
}

function load(
  entries: Record<string, MemoryEntry>,
  name: string,
  source: Partial<UnitSource> = {},
): LoadedUnit {
  return loadUnit(indexOf(entries, source), name, options);
}

function codes(unit: LoadedUnit): string[] {
  return unit.diagnostics.map(({ code }) => code);
}

const etc = "/etc/systemd/system";
const usr = "/usr/lib/systemd/system";

describe("a bakery on disk", () => {
  const tree = directoryTree(new URL("../../fixtures/units/bakery", import.meta.url).pathname);
  const index = indexUnits({ tree, scope: "system", extraDirectories: [] });
  const show = (name: string) => {
    const { status, path, dropIns, strayDropIns, names } = loadUnit(index, name, options);
    return { status, path, names, dropIns: dropIns.map(dropIn => dropIn.path), strayDropIns };
  };

  test("lists each unit once", () => {
    expect(listUnits(index)).toEqual([
      "bread@.service",
      "oven-north.service",
      "oven.service",
      "oven.socket",
      "till.service",
    ]);
    expect(listUnits(index, { types: ["socket"] })).toEqual(["oven.socket"]);
  });

  test("drop-ins come from the unit, its aliases, its prefixes and its type, in the order of their names", () => {
    expect(show("hearth.service")).toEqual({
      status: "loaded",
      path: `${usr}/oven-north.service`,
      names: ["oven-north.service", "hearth.service"],
      dropIns: [
        `${usr}/oven-.service.d/10-prefix.conf`,
        `${etc}/oven-north.service.d/20-shared.conf`,
        `${usr}/hearth.service.d/30-alias.conf`,
        `${usr}/service.d/90-all.conf`,
      ],
      strayDropIns: [`${etc}/oven-north.service.d/notes.txt`],
    });
  });

  test("every assignment knows its file and line, in the order in which systemd reads them", () => {
    const read = [...assignmentsOf(loadUnit(index, "oven-north.service", options))];
    expect(
      read
        .filter(({ key }) => key === "Nice")
        .map(({ value, position }) => `${value} ${position.file}:${position.line}`),
    ).toEqual([
      `1 ${usr}/oven-north.service:5`,
      `2 ${usr}/oven-.service.d/10-prefix.conf:2`,
      `3 ${etc}/oven-north.service.d/20-shared.conf:3`,
      `4 ${usr}/hearth.service.d/30-alias.conf:2`,
      `9 ${usr}/service.d/90-all.conf:2`,
    ]);
  });

  test("a template is loaded as an instance", () => {
    expect(show("bread@rye.service")).toMatchObject({
      path: `${usr}/bread@.service`,
      names: ["bread@rye.service"],
    });
    expect(loadUnit(index, "bread@.service", options)).toMatchObject({
      name: "bread@i.service",
      requested: "bread@.service",
    });
  });

  test("a link to /dev/null is a mask", () => {
    expect(show("till.service")).toMatchObject({ status: "masked", path: `${etc}/till.service` });
  });
});

describe("names", () => {
  test("may leave out .service and may be paths", () => {
    expect(load({ [`${usr}/oven.service`]: service }, "oven")).toMatchObject({
      name: "oven.service",
      status: "loaded",
    });
    expect(load({ [`${usr}/oven.service`]: service }, "/nowhere/oven.service").path).toBe(
      `${usr}/oven.service`,
    );
  });

  test.each(["", "a b", "../etc/passwd!", "\u001b[31m.service", "__proto__ "])(
    "no. %# is none, and says so",
    name => {
      const unit = load({}, name);
      expect([unit.status, ...codes(unit)]).toEqual(["error", "no-unit-name"]);
    },
  );

  test("of members of every object are names like others", () => {
    for (const name of ["__proto__.service", "constructor.service", "toString@.service"])
      expect(load({ [`${usr}/oven.service`]: service }, name).status).toBe("not-found");
  });
});

describe("folders", () => {
  const entries = {
    [`${etc}/oven.service`]: `${service}Nice=1\n`,
    [`${usr}/oven.service`]: service,
    "/src/oven.service": service,
  };

  test("the first that has the unit wins", () => {
    expect(load(entries, "oven.service").path).toBe(`${etc}/oven.service`);
    expect(load(entries, "oven.service", { extraDirectories: ["/src/"] }).path).toBe("/src/oven.service");
    expect(load(entries, "oven.service", { searchPath: [usr] }).path).toBe(`${usr}/oven.service`);
  });

  test("/lib counts where it is a folder of its own, and not twice where it is a link", () => {
    const split = { "/lib/systemd/system/oven.service": service };
    expect(load(split, "oven.service").path).toBe("/lib/systemd/system/oven.service");
    const merged = { [`${usr}/oven.service`]: service, "/lib": { link: "usr/lib" } };
    expect(indexOf(merged).directories).not.toContain("/lib/systemd/system");
    expect(load(merged, "oven.service").path).toBe(`${usr}/oven.service`);
  });

  test("a user's units come from the user's folders", () => {
    const user = {
      "/home/baker/.config/systemd/user/oven.service": service,
      "/usr/lib/systemd/user/till.service": service,
    };
    const source = {
      scope: "user",
      searchPath: hostSearchPath("user", { HOME: "/home/baker", XDG_RUNTIME_DIR: "/run/user/1000" }),
    } as const;
    expect(load(user, "oven.service", source)).toMatchObject({ status: "loaded", scope: "user" });
    expect(load(user, "till.service", { scope: "user" }).status).toBe("loaded");
    expect(load(user, "oven.service", { scope: "user" }).status).toBe("not-found");
    expect(load(user, "till.service").status).toBe("not-found");
  });
});

describe("units without a file", () => {
  test.each([
    ["oven.slice", "loaded"],
    ["dev-oven.device", "loaded"],
    ["oven.scope", "not-found"],
    ["oven.target", "not-found"],
    ["oven.mount", "not-found"],
  ])("%s: %s", (name, status) => {
    const unit = load({ [`${etc}/${name}.d/a.conf`]: service, [`${etc}/oven.scope`]: service }, name);
    expect(unit.status).toBe(status);
    expect(unit.dropIns.length).toBe(status === "loaded" ? 1 : 0);
  });
});

describe("links", () => {
  test.each<[string, string, string]>([
    ["oven.service", "gone.service", "alias-dangling"],
    ["oven.service", "oven.service", "alias-of-itself"],
    ["oven.service", "oven.socket", "alias-of-other-type"],
    ["oven.service", "bread@.service", "alias-of-other-kind"],
    ["bread@rye.service", "bread@wheat.service", "alias-of-other-kind"],
    ["oven.service", "not a unit", "alias-of-no-unit"],
    ["oven.mount", "other.mount", "alias-not-allowed"],
    ["oven.service", "../../../../opt/gone.service", "fragment-missing"],
    ["oven.service", "../../../../../../etc/shadow-of-the-host", "fragment-missing"],
  ])("%s → %s gives nothing: %s", (name, link, code) => {
    const unit = load({ [`${etc}/${name}`]: { link } }, name);
    expect(unit.status).toBe("not-found");
    expect(codes(unit)).toEqual([code]);
  });

  test("a loop ends", () => {
    const loop = { [`${etc}/a.service`]: { link: "b.service" }, [`${etc}/b.service`]: { link: "a.service" } };
    expect(codes(load(loop, "a.service"))).toEqual(["alias-loop"]);
  });

  test("a link that systemd refuses leaves the name to the next folder", () => {
    const entries = {
      [`${etc}/oven.service`]: { link: `${usr}/oven.service` },
      [`${usr}/oven.service`]: service,
    };
    expect(load(entries, "oven.service")).toMatchObject({ status: "loaded", path: `${usr}/oven.service` });
  });

  test("absolute links out of the search path count where the source says so", () => {
    const entries = { [`${etc}/oven.service`]: { link: "/opt/oven.service" }, "/opt/oven.service": service };
    expect(load(entries, "oven.service").status).toBe("loaded");
    const ignored = load(entries, "oven.service", { absoluteLinks: "ignore" });
    expect([ignored.status, ...codes(ignored)]).toEqual(["not-found", "fragment-outside-root"]);
  });
});

describe("bad files", () => {
  test("a fragment that systemd cannot read to its end is an error with its place", () => {
    const unit = load({ [`${usr}/oven.service`]: `${service}[Install\n` }, "oven.service");
    expect(unit.status).toBe("error");
    expect(unit.diagnostics).toMatchObject([
      { code: "open-header", position: { file: `${usr}/oven.service`, line: 3 } },
    ]);
  });

  test("a drop-in ends where systemd stops, and the unit loads", () => {
    const dropIn = "[Service]\nNice=1\n[X\nNice=2\n";
    const unit = load(
      { [`${usr}/oven.service`]: service, [`${etc}/oven.service.d/a.conf`]: dropIn },
      "oven.service",
    );
    expect(unit.status).toBe("loaded");
    expect([...assignmentsOf(unit)].map(({ value }) => value)).toEqual(["/bin/true", "1"]);
    expect(codes(unit)).toEqual(["open-header"]);
  });

  test("a file that is too large is an error, not a crash", () => {
    const withheld = { withheld: "it was not kept", size: 10 ** 9 };
    expect(codes(load({ [`${usr}/oven.service`]: withheld }, "oven.service"))).toEqual(["unit-too-large"]);
    const unit = load(
      { [`${usr}/oven.service`]: service, [`${etc}/oven.service.d/a.conf`]: withheld },
      "oven.service",
    );
    expect([unit.status, ...codes(unit)]).toEqual(["loaded", "unit-too-large"]);
  });
});
