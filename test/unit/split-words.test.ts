import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type SplitOptions, splitWords, takeWord } from "../../src/unit/split-words.ts";

const exec: SplitOptions = { quotes: "unquote", escapes: "c-relaxed" };

describe("words", () => {
  test.each<[string, SplitOptions, readonly string[]]>([
    ["", {}, []],
    [" \t ", {}, []],
    [" rye  wheat\tspelt ", {}, ["rye", "wheat", "spelt"]],
    ['"rye bread" wheat', {}, ['"rye', 'bread"', "wheat"]],
    ['"rye bread" wheat', { quotes: "keep" }, ['"rye bread"', "wheat"]],
    ['"rye bread" wheat', { quotes: "unquote" }, ["rye bread", "wheat"]],
    ["a'b c'\"d e\"f", { quotes: "unquote" }, ["ab cd ef"]],
    ["'' \"\"", { quotes: "unquote" }, ["", ""]],
    ["'it\"s' \"it's\"", { quotes: "unquote" }, ['it"s', "it's"]],
    ["rye\\ bread \\x41", {}, ["rye bread", "x41"]],
    ["rye\\ bread", { escapes: "retain" }, ["rye\\", "bread"]],
    ["a\\tb\\x41\\101\\u00e9\\U0001f35e\\s\\\\", { escapes: "c" }, ["a\tbAA\u00e9\u{1f35e} \\"]],
    ["\\xc3\\xa9\\xf0\\x9f\\x8d\\x9e", { escapes: "c" }, ["\u00e9\u{1f35e}"]],
    ["\u{1f35e}\\xc3\\xa9\u{1f35e}", { escapes: "c" }, ["\u{1f35e}\u00e9\u{1f35e}"]],
    ["\\d+ end\\", exec, ["\\d+", "end\\"]],
    ["a:b::c", { separators: ":" }, ["a", "b", "c"]],
    ["'open", { quotes: "unquote", ending: "lenient" }, ["open"]],
  ])("%j %j", (text, options, words) => {
    expect(splitWords(text, options)).toEqual({ words, end: text.length });
  });

  test.each([
    ["rye 'wheat", exec, "open-quote", ["rye"], 4],
    ["rye \\q", { escapes: "c" }, "bad-escape", ["rye"], 4],
    ["\\x00", { escapes: "c" }, "bad-escape", [], 0],
    ["\\400", { escapes: "c" }, "bad-escape", [], 0],
    ["\\ud800", { escapes: "c" }, "bad-escape", [], 0],
    ["rye wheat\\", {}, "trailing-backslash", ["rye"], 4],
    ["'rye\\", exec, "trailing-backslash", [], 0],
  ] as const)("%j %j ends in %s", (text, options, error, words, end) => {
    expect(splitWords(text, options)).toEqual({ words, error, end });
  });

  test("one can be taken at a time", () => {
    expect(takeWord("  rye  wheat", 0)).toEqual({ kind: "word", word: "rye", start: 2, next: 7 });
    expect(takeWord("rye ", 3)).toEqual({ kind: "end" });
  });

  test("any words come back from their quoted form", () => {
    const quote = (word: string) => `"${word.replaceAll(/["\\]/g, "\\$&")}"`;
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "grapheme" })), words => {
        const text = words.map(quote).join(" ");
        expect(splitWords(text, { quotes: "unquote", escapes: "c" }).words).toEqual(words);
      }),
    );
  });

  test("a long value takes linear time", () => {
    const start = process.cpuUsage();
    for (const text of [" x".repeat(500_000), "\\".repeat(1_000_000), `"${"x\\x41".repeat(200_000)}`])
      splitWords(text, exec);
    expect(process.cpuUsage(start).user / 1000).toBeLessThan(2000);
  });
});
