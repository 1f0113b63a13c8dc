import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { visible } from "../../src/report/escape-terminal.ts";

describe("visible", () => {
  it.each([
    ["\x1b[31mred\x1b[0m", "\\e[31mred\\e[0m"],
    ["\x1b]0;title\x07", "\\e]0;title\\x07"],
    ["\x9b31m", "\\x9b31m"],
    ["two\nlines\r\t", "two\\nlines\\r\\t"],
    ["\u202egnp.exe", "\\u{202e}gnp.exe"],
    ["\u2066x\u2069", "\\u{2066}x\\u{2069}"],
    ["ro\u200bot", "ro\\u{200b}ot"],
    ["a\u2028b", "a\\u{2028}b"],
    ["\x7f\0", "\\x7f\\x00"],
    ["\ud800", "\\u{d800}"],
    ["Bäckerei 🥐 パン → ✓", "Bäckerei 🥐 パン → ✓"],
  ])("writes %j as %j", (text, expected) => expect(visible(text)).toBe(expected));

  it("leaves no control or format character, whatever comes in", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary" }),
        text => !/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Cs}]/u.test(visible(text)),
      ),
    );
  });

  it("is quick on long text", () => {
    const start = performance.now();
    expect(visible("\x1b".repeat(2_000_000)).length).toBe(4_000_000);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});
