import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cyclonedx } from "../../../src/report/formats/cyclonedx.ts";
import type { ReportSource } from "../../../src/report/formats/format.ts";
import { hostileSource, scenes } from "./scenes.ts";
import { cyclonedxErrors } from "./validators.ts";

const names = Object.keys(scenes);
const scene = (name: string): ReportSource => {
  const found = scenes[name];
  if (found === undefined) throw new Error(name);
  return found;
};
const sampled = (count: number): readonly ReportSource[] => fc.sample(hostileSource, count);

describe("CycloneDX", () => {
  it.each(names)("of a %s verdict follows the schema", name => {
    expect(cyclonedxErrors(JSON.parse(cyclonedx(scene(name))))).toEqual([]);
  });

  it("follows it whatever is said, and every reference leads somewhere", () => {
    for (const source of [...names.map(scene), ...sampled(100)]) {
      const text = cyclonedx(source);
      expect(cyclonedxErrors(JSON.parse(text))).toEqual([]);
      const refs = [...text.matchAll(/"bom-ref": ("(?:[^"\\]|\\.)*")/g)].map(([, ref]) => ref);
      expect(new Set(refs).size).toBe(refs.length);
      const { declarations } = JSON.parse(text);
      const known = new Set(refs.map(ref => JSON.parse(ref ?? '""')));
      for (const { requirement, claims, counterClaims } of declarations.attestations[0].map)
        for (const ref of [requirement, ...claims, ...counterClaims]) expect(known).toContain(ref);
      for (const { target, evidence = [], mitigationStrategies = [] } of declarations.claims)
        for (const ref of [target, ...evidence, ...mitigationStrategies]) expect(known).toContain(ref);
    }
  });

  it("says how far each requirement is met, and what accepts the rest until when", () => {
    const { declarations } = JSON.parse(cyclonedx(scene("waived")));
    const conformance = (source: ReportSource, rule: string) =>
      JSON.parse(cyclonedx(source)).declarations.attestations[0].map.find(
        (each: { requirement: string }) => each.requirement === `requirement-${rule}`,
      ).conformance;
    expect(conformance(scene("failing"), "exposure").score).toBe(0.5);
    expect(conformance(scene("waived"), "exposure")).toEqual({
      score: 1,
      rationale: "0 of 1 units meet it, 1 are accepted without",
    });
    expect(declarations.evidence.filter((each: { expires?: string }) => each.expires)).toHaveLength(2);
  });
});
