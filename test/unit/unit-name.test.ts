import { describe, expect, test } from "vitest";
import {
  parseUnitName,
  templateOf,
  unescapeName,
  unescapePath,
  withInstance,
} from "../../src/unit/unit-name.ts";

describe("names of units", () => {
  test.each([
    ["oven.service", { prefix: "oven", isTemplate: false, type: "service" }],
    ["a.b.socket", { prefix: "a.b", isTemplate: false, type: "socket" }],
    ["oven@.service", { prefix: "oven", isTemplate: true, type: "service" }],
    ["oven@a@b.service", { prefix: "oven", instance: "a@b", isTemplate: false, type: "service" }],
    ["-.slice", { prefix: "-", isTemplate: false, type: "slice" }],
    ["foo\\x2dbar:1_2.mount", { prefix: "foo\\x2dbar:1_2", isTemplate: false, type: "mount" }],
    [`${"x".repeat(247)}.service`, { prefix: "x".repeat(247), isTemplate: false, type: "service" }],
  ])("%# %.40s", (name, parts) => {
    expect(parseUnitName(name)).toEqual({ name, ...parts });
  });

  test.each([
    "",
    "oven",
    ".service",
    "@.service",
    "@a.service",
    "oven.Service",
    "oven.snapshot",
    "a b.service",
    "a/b.service",
    "é.service",
    "oven.service\n",
    `${"x".repeat(248)}.service`,
    "__proto__",
  ])("no. %# is none", name => {
    expect(parseUnitName(name)).toBeUndefined();
  });

  test("templates and instances lead to each other", () => {
    const instance = parseUnitName("oven@rye.service");
    const template = instance && parseUnitName(templateOf(instance) ?? "");
    expect(template?.name).toBe("oven@.service");
    expect(template && withInstance(template, "rye")).toEqual(instance);
    expect(template && withInstance(template, "no slash/")).toBeUndefined();
  });

  test.each([
    ["var-lib-bakery", "var/lib/bakery", "/var/lib/bakery"],
    ["a\\x2db", "a-b", "/a-b"],
    ["\\xc3\\xa9", "é", "/é"],
    ["-", "/", "/"],
    ["", "", "/"],
    ["a\\b", undefined, undefined],
    ["a\\x2", undefined, undefined],
  ])("%j stands for %j and the path %j", (escaped, name, path) => {
    expect(unescapeName(escaped)).toBe(name);
    expect(unescapePath(escaped)).toBe(path);
  });
});
