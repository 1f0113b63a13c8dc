import { describe, expect, it } from "vitest";
import { implyNeeds } from "../../src/needs/imply-needs.ts";
import { formatNeed } from "../../src/needs/need-pattern.ts";
import { loadNeedVocabulary } from "../../src/rules/needs.ts";

const implied = (by: string) =>
  implyNeeds(
    [{ kind: "namespace", subject: "mnt", certainty: "inferred", evidence: { by, detail: "" } }],
    loadNeedVocabulary(),
    call => [call],
  ).map(formatNeed);

describe("what a mount namespace brings along", () => {
  it("is the calls and the capability for it", () => {
    expect(implied("elf")).toEqual(expect.arrayContaining(["cap:CAP_SYS_ADMIN", "syscall:@mount"]));
  });

  it("is no capability in a trace, which shows whether it took one: with a user namespace it takes none", () => {
    expect(implied("trace")).toContain("syscall:@mount");
    expect(implied("trace")).not.toContain("cap:CAP_SYS_ADMIN");
  });
});
