import { expect, test } from "vitest";
import { findProfile } from "../../src/needs/find-profile.ts";
import { loadProfiles } from "../../src/rules/profiles.ts";

const profileOf = (path: string, unit: string) =>
  findProfile(
    {
      path,
      name: path.slice(path.lastIndexOf("/") + 1),
      args: [],
      directive: "ExecStart",
      evidence: { by: "unit", detail: "" },
    },
    unit,
    loadProfiles(),
  )?.profile;

test("a program's own profile goes before the one of the unit's name", () => {
  const unit = "prometheus-node-exporter.service";
  expect(profileOf("/usr/bin/prometheus-node-exporter", unit)).toBe("node-exporter");
  expect(profileOf("/usr/bin/prometheus-loaf-exporter", "prometheus-loaf-exporter.service")).toBe(
    "go-exporters",
  );
});
