import { describe, expect, it } from "vitest";
import { clip, padEnd, padStart, shorten, wrap } from "../../src/report/columns.ts";

describe("columns", () => {
  it("shortens a name in its middle, so that its type stays readable", () => {
    expect(shorten("bakery-with-a-long-name.service", 15)).toBe("bakery-…service");
    expect(shorten("bakery.service", 14)).toBe("bakery.service");
    expect(shorten("bakery.service", 1)).toBe("…");
    expect(shorten("bakery.service", 0)).toBe("");
  });

  it("clips a sentence at its end", () => {
    expect(clip("no such unit", 8)).toBe("no such…");
    expect(clip("no such unit", 12)).toBe("no such unit");
    expect(clip("no such unit", 0)).toBe("");
  });

  it("counts as a terminal counts: a picture is two columns wide, a mark none", () => {
    expect(padEnd("🥐", 3)).toBe("🥐 ");
    expect(padStart("🥐", 3)).toBe(" 🥐");
    expect(padEnd("Ba\u0308", 3)).toBe("Ba\u0308 ");
    expect(shorten("🥐🥐🥐🥐", 5)).toBe("🥐…🥐");
    expect(shorten("🥐🥐🥐🥐", 3)).toBe("🥐…");
    expect(clip("面包店里", 5)).toBe("面包…");
    expect(wrap("面包 店里", 5)).toEqual(["面包", "店里"]);
  });

  it("wraps between words and leaves a longer word alone", () => {
    expect(wrap("bread and an-unreasonably-long-bun", 10)).toEqual(["bread and", "an-unreasonably-long-bun"]);
    expect(wrap("", 10)).toEqual([]);
  });
});
