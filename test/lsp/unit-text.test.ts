import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { placeFinding } from "../../src/lsp/place-finding.ts";
import { contentOf, sectionAt, spansOf, unitText } from "../../src/lsp/unit-text.ts";

const open = (text: string) => unitText("file:///etc/bakery.service", text, "/etc/bakery.service");
const written = (text: string, { start, end }: { start: number; end: number }) => text.slice(start, end);

/** Pieces that make positions go wrong: several bytes, surrogate pairs and halves, every line end. */
const piece = fc.constantFrom(
  "[Service]",
  "[Unit]",
  "ProtectSystem=full",
  "Description=Bäckerei",
  "Description=🥐🥖",
  "X=\ud83e",
  "ExecStart=/bin/a \\",
  "# c 🥐",
  " ",
  "\n",
  "\r\n",
  "\r",
  "\0",
  "\ufeff",
  "=",
);

describe("a document's places", () => {
  it("covers the text without gaps, whatever is in it", () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), pieces => {
        const text = pieces.join("");
        const { nodes } = open(text);
        let at = 0;
        for (const { start, end } of nodes) {
          expect(start).toBe(at);
          at = end;
        }
        expect(at).toBe(text.length);
      }),
    );
  });

  it("finds keys and values where they stand after characters beyond the basic plane", () => {
    const text = "# 🥐 é\r\n[Service]\r\nDescription=🥖 ja\r\nPrivateTmp = yes \r\n";
    const document = open(text);
    const spans = document.nodes.filter(({ node }) => node.kind === "assignment");
    expect(spans.map(each => written(text, spansOf(document, each).key))).toEqual([
      "Description",
      "PrivateTmp",
    ]);
    expect(spans.map(each => written(text, spansOf(document, each).value))).toEqual(["🥖 ja", "yes"]);
    expect(document.positionAt(text.indexOf("ja"))).toEqual({ line: 2, character: "Description=🥖 ".length });
  });

  it("takes a value with its continuation lines as one", () => {
    const text = "[Service]\nExecStart=/bin/a \\\n# note\n  --oven\nUser=baker\n";
    const document = open(text);
    const [first] = document.nodes.filter(({ node }) => node.kind === "assignment");
    expect(first && written(text, spansOf(document, first).value)).toBe("/bin/a \\\n# note\n  --oven");
  });

  it("knows the section of a place, also before the first and after a broken header", () => {
    const text = "A=1\n[Unit]\nB=2\n[Service]\nC=3\n";
    const document = open(text);
    expect(["A=", "B=", "C="].map(each => sectionAt(document, text.indexOf(each)))).toEqual([
      "",
      "Unit",
      "Service",
    ]);
  });

  it("leaves blanks, line ends and a byte order mark out of what a node is about", () => {
    const text = "\ufeff  [Service]  \r\n";
    const document = open(text);
    const [header] = document.nodes;
    expect(header && written(text, contentOf(document, header))).toBe("[Service]");
  });
});

describe("the place of a finding", () => {
  const place = (text: string, line: number, args: Record<string, string>, file = "/etc/bakery.service") => {
    const position = { file, line, column: 1 };
    const finding = { code: "x", severity: "warning", position, args } as const;
    return written(text, placeFinding(finding, open(text), "Service"));
  };
  const text = "[Unit]\n[Service]\nSystemCallFilter=read readdir @io red\nPrivateTmp=yse\nno equals\n";

  it("is the word, where it stands by itself", () => {
    expect(place(text, 3, { directive: "SystemCallFilter", word: "red" })).toBe("red");
    const offset = placeFinding(
      {
        code: "x",
        severity: "warning",
        position: { file: "/etc/bakery.service", line: 3, column: 1 },
        args: { word: "red" },
      },
      open(text),
      "Service",
    );
    expect(offset.start).toBe(text.indexOf(" red\n") + 1);
  });

  it("is the value, the key or the whole line, as the finding says", () => {
    expect(place(text, 4, { directive: "PrivateTmp", value: "yse" })).toBe("yse");
    expect(place(text, 4, { directive: "PrivateTmp", section: "Service" })).toBe("PrivateTmp");
    expect(place(text, 5, { text: "no equals" })).toBe("no equals");
  });

  it("is the unit's own section for what stands in another file, or nowhere", () => {
    expect(place(text, 4, { value: "yse" }, "/etc/other.service")).toBe("[Service]");
    expect(place("User=baker\n", 9, {}, "/etc/other.service")).toBe("User=baker");
  });
});
