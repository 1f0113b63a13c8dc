import { describe, expect, it } from "vitest";
import { doubtUnseen } from "../../src/needs/doubt-unseen.ts";
import type { Need } from "../../src/needs/need.ts";
import { parseNeedPattern } from "../../src/needs/need-pattern.ts";
import { loadNeedVocabulary } from "../../src/rules/needs.ts";

const evidence = { by: "profile", file: "oven", detail: "ovens do" };
const need = (text: string, more: Partial<Need> = {}): Need => ({
  ...parseNeedPattern(text),
  certainty: "inferred",
  evidence,
  ...more,
});
const claim = (text: string) => ({ ...parseNeedPattern(text), certainty: "observed" as const, evidence });
const callsOf = (name: string) => (name === "@chown" ? ["chown", "fchown"] : [name]);
const doubtOf = (
  one: Need,
  seen: readonly Need[] = [],
  claims = ["cap:CAP_CHOWN", "write", "syscall:@chown"],
) =>
  doubtUnseen([one], { present: seen, absent: claims.map(claim) }, loadNeedVocabulary(), callsOf)[0]?.prior;

describe("what is only inferred and a whole trace does not show", () => {
  it("is worth a bet", () => {
    expect(doubtOf(need("cap:CAP_CHOWN"))).toBe("common");
    expect(doubtOf(need("syscall:@chown"))).toBe("common");
  });

  it("stays where the trace shows it, or a part of it", () => {
    expect(
      doubtOf(need("cap:CAP_CHOWN"), [need("cap:CAP_CHOWN", { certainty: "observed" })]),
    ).toBeUndefined();
    expect(
      doubtOf(need("syscall:@chown"), [need("syscall:fchown", { certainty: "observed" })]),
    ).toBeUndefined();
  });

  it("stays where no trace would have shown it", () => {
    expect(doubtOf(need("cap:CAP_NET_ADMIN"))).toBeUndefined();
    expect(doubtOf(need("cap:CAP_CHOWN"), [], [])).toBeUndefined();
  });

  it("stays where the unit or its configuration asks for it", () => {
    expect(doubtOf(need("cap:CAP_CHOWN", { certainty: "declared" }))).toBeUndefined();
    expect(doubtOf(need("cap:CAP_CHOWN", { evidence: { ...evidence, by: "config" } }))).toBeUndefined();
  });

  it("stays where an exception keeps it", () => {
    expect(doubtOf(need("write:/var/lib/oven"))).toBeUndefined();
  });
});
