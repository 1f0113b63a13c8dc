import { describe, expect, it } from "vitest";
import { implyNeeds } from "../../src/needs/imply-needs.ts";
import { formatNeed, parseNeedPattern } from "../../src/needs/need-pattern.ts";
import { loadNeedVocabulary } from "../../src/rules/needs.ts";

const implied = (need: string, by: string) =>
  implyNeeds(
    [{ ...parseNeedPattern(need), certainty: "inferred", evidence: { by, detail: "" } }],
    loadNeedVocabulary(),
    call => [call],
  ).map(formatNeed);

describe("what a need brings along", () => {
  it("is the calls and the capability for it", () => {
    expect(implied("namespace:mnt", "elf")).toEqual(
      expect.arrayContaining(["cap:CAP_SYS_ADMIN", "syscall:@mount"]),
    );
    expect(implied("switch-user", "trace")).toEqual(
      expect.arrayContaining(["cap:CAP_SETUID", "cap:CAP_SETGID", "syscall:@setuid"]),
    );
  });

  it("is no capability for mounts of a trace, which shows whether it took one: with a user namespace it takes none", () => {
    expect(implied("namespace:mnt", "trace")).toContain("syscall:@mount");
    expect(implied("namespace:mnt", "trace")).not.toContain("cap:CAP_SYS_ADMIN");
  });
});
