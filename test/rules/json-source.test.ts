import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseJson, positionOf } from "../../src/rules/json-source.ts";

describe("parseJson", () => {
  it("reads whatever JSON.parse reads", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.nat(4), (value, indent) => {
        const text = JSON.stringify(value, undefined, indent);
        expect(parseJson(text, "oven.json")).toMatchObject({ value: JSON.parse(text) });
      }),
    );
  });

  it("refuses whatever JSON.parse refuses", () => {
    const torn = fc.tuple(
      fc.json(),
      fc.nat(),
      fc.constantFrom(",", "}", "]", '"', ":", "\\", "x", "-", "\u0001"),
    );
    fc.assert(
      fc.property(torn, ([text, at, extra]) => {
        const broken = text.slice(0, at % (text.length + 1)) + extra + text.slice(at % (text.length + 1));
        let isJson = true;
        try {
          JSON.parse(broken);
        } catch {
          isJson = false;
        }
        expect("value" in parseJson(broken, "oven.json")).toBe(isJson);
      }),
    );
  });

  it("keeps the first of two equal keys, and says so", () => {
    const source = parseJson('{"heat": 1,\n "heat": 2}', "oven.json");
    expect(source).toMatchObject({
      value: { heat: 1 },
      diagnostics: [{ code: "json-duplicate-key", position: { line: 2 } }],
    });
  });

  it("knows where every part stands", () => {
    const source = parseJson('{\n  "ovens": [\n    { "heat": 1 }\n  ]\n}', "oven.json");
    if (!("value" in source)) throw new Error("not read");
    expect(positionOf(source, "/ovens/0/heat")).toEqual({ file: "oven.json", line: 3, column: 7 });
    expect(positionOf(source, "/ovens/0/missing")).toEqual({ file: "oven.json", line: 3, column: 5 });
  });
});
