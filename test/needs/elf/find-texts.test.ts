import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { textFinder } from "../../../src/needs/elf/find-texts.ts";

describe("texts looked for in bytes", () => {
  it("are found where they lie across one another, and inside one another", () => {
    const find = textFinder(["/dev/", "/dev/tty", "ev/t", "tty/x", "(a+)", "none"]);
    expect([...find(Buffer.from("\0/dev/tty/x\0(a+)\0"))].sort()).toEqual(
      ["(a+)", "/dev/", "/dev/tty", "ev/t", "tty/x"].sort(),
    );
    expect([...textFinder([])(Buffer.from("x"))]).toEqual([]);
  });

  it("are those that a search for each would find", () => {
    const letters = fc.string({ unit: fc.constantFrom("a", "b", "/", "."), minLength: 2, maxLength: 4 });
    const bytes = fc.string({ unit: fc.constantFrom("a", "b", "/", ".", "\0"), maxLength: 60 });
    fc.assert(
      fc.property(fc.array(letters, { maxLength: 8 }), bytes, (texts, content) => {
        const expected = texts.filter(text => content.includes(text));
        expect([...textFinder(texts)(Buffer.from(content))].sort()).toEqual([...new Set(expected)].sort());
      }),
    );
  });
});
