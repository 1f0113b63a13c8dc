import { describe, expect, it } from "vitest";
import {
  ambientLine,
  environmentOf,
  runIdentity,
  workingDirectory,
  workingFolder,
} from "../../src/settings/run-identity.ts";
import { settingsOfText } from "./settings-of-text.ts";

const of = (...lines: readonly string[]) =>
  settingsOfText(`[Service]\nExecStart=/bin/bake\n${lines.map(line => `${line}\n`).join("")}`);

describe("as whom a service runs", () => {
  it("is nobody in particular where nothing says it", () => {
    expect(runIdentity(of())).toEqual({ groups: [], isDynamic: false });
  });

  it("is its user, with the groups of both directives", () => {
    expect(runIdentity(of("User=baker", "Group=bread", "SupplementaryGroups=oven mill"))).toEqual({
      user: "baker",
      groups: ["bread", "oven", "mill"],
      isDynamic: false,
    });
  });

  it("is a dynamic user, whose name may be implied", () => {
    expect(runIdentity(of("DynamicUser=yes")).isDynamic).toBe(true);
  });
});

describe("where it runs", () => {
  it.each([
    [[], undefined, "/"],
    [["WorkingDirectory=/srv/bakery"], "/srv/bakery", "/srv/bakery"],
    [["WorkingDirectory=~"], "~", "/"],
  ] as const)("with %j is %s, and paths count from %s", (lines, written, folder) => {
    const settings = of(...lines);
    expect(workingDirectory(settings)).toBe(written);
    expect(workingFolder(settings)).toBe(folder);
  });
});

it("has the variables in their order, and the files without what lets them be missing", () => {
  const settings = of("Environment=A=1 B=2=3", "Environment=C", "EnvironmentFile=-/etc/default/bakery");
  expect(environmentOf(settings)).toEqual({
    variables: [
      ["A", "1"],
      ["B", "2=3"],
    ],
    files: ["/etc/default/bakery"],
  });
});

it("names the line that gave it capabilities", () => {
  expect(ambientLine(of())).toBeUndefined();
  expect(ambientLine(of("AmbientCapabilities=CAP_CHOWN"))?.position.line).toBe(3);
});
