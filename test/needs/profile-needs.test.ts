import { describe, expect, it } from "vitest";
import { profileNeeds } from "../../src/needs/profile-needs.ts";
import type { Profile, ProfileNeed } from "../../src/rules/profiles.ts";

const entry = { need: "cap:CAP_KILL", because: "ends its bakers", source: "oven(8)" };
const profile = (need: ProfileNeed): Profile => ({
  profile: "oven",
  title: "Oven",
  programs: ["oven"],
  needs: [need],
  covers: ["cap"],
});
const needOf = (need: Partial<ProfileNeed>, truth: "yes" | "no" | "unknown" = "unknown") =>
  profileNeeds(
    profile({ ...entry, ...need }),
    undefined,
    text => text,
    () =>
      truth === "yes" ? { kind: "yes", evidence: { by: "config", detail: "bakers 2" } } : { kind: truth },
  ).present[0];

describe("what a profile states", () => {
  it("is certain, unless the service does its work without", () => {
    expect(needOf({})).toMatchObject({ certainty: "inferred" });
    expect(needOf({})?.prior).toBeUndefined();
    expect(needOf({ soft: true })).toMatchObject({ certainty: "assumed", prior: "common" });
  });

  it("stays soft where configuration switches it on, and goes where it does not", () => {
    const when = [{ key: "bakers" }];
    expect(needOf({ soft: true, depends: "bakers", when }, "yes")).toMatchObject({ prior: "common" });
    expect(needOf({ soft: true, depends: "bakers", when }, "no")).toBeUndefined();
  });

  it("says what a first start alone meets", () => {
    expect(needOf({ once: true })?.isOnce).toBe(true);
    expect(needOf({})?.isOnce).toBeUndefined();
  });
});
