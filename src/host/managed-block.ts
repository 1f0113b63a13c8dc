// The part of a drop-in that is ours, between two marker lines; everything else in the file belongs to its author.
// Pure functions over text; text is one character per byte where it comes from a file, so that any file survives.

const begin = "# BEGIN tightunit";
const end = "# END tightunit";
const isBegin = /^# BEGIN tightunit\b/;
const isEnd = /^# END tightunit\b/;
const newFolder = "in a folder of its own";

/** A drop-in's text taken apart at our block. */
interface Parts {
  readonly head: string;
  readonly block: string;
  readonly tail: string;
  /** The block says that its folder was made for it. */
  readonly hasOwnFolder: boolean;
}

/** What is wrong with the markers: one without the other, or more than one block. */
export interface BrokenBlock {
  readonly kind: "broken";
  /** From 1. */
  readonly line: number;
}

export interface ManagedText {
  readonly kind: "text";
  readonly text: string;
  /** Of the block that was there before. */
  readonly hadBlock: boolean;
  readonly hasOwnFolder: boolean;
}

/**
 * The text with our block in it: in the place of the old one, else at the end.
 * @param text of the file as it is, "" where there is none.
 * @param block section headers and assignments.
 * @param isNewFolder whether the folder is made for this file, which the block then says for the day of its removal.
 */
export function putManagedBlock(
  text: string,
  block: string,
  isNewFolder: "new-folder" | "old-folder",
): ManagedText | BrokenBlock {
  const parts = partsOf(text);
  if (parts.kind === "broken") return parts;
  const { head, block: old, tail, hasOwnFolder } = parts;
  const says = hasOwnFolder || isNewFolder === "new-folder" ? `, ${newFolder}` : "";
  const lines = [
    `${begin}${says}: "tightunit fix" replaces these lines and keeps all others`,
    block.trimEnd(),
    end,
    "",
  ];
  return {
    kind: "text",
    text:
      closed(head) +
      lines.join("\n") +
      withSection(tail, sectionAtEnd(head + old), sectionAtEnd(`${head}\n${block}`)),
    hadBlock: old !== "",
    hasOwnFolder,
  };
}

/** The text without our block: what its author wrote, in the sections that it stood in. */
export function removeManagedBlock(text: string): ManagedText | BrokenBlock {
  const parts = partsOf(text);
  if (parts.kind === "broken") return parts;
  const { head, block, tail, hasOwnFolder } = parts;
  return {
    kind: "text",
    text: head + withSection(tail, sectionAtEnd(head + block), sectionAtEnd(head)),
    hadBlock: block !== "",
    hasOwnFolder,
  };
}

function partsOf(text: string): (Parts & { readonly kind: "parts" }) | BrokenBlock {
  const lines = text.split(/(?<=\n)/);
  const begins = lines.flatMap((line, index) => (isBegin.test(line) ? [index] : []));
  const ends = lines.flatMap((line, index) => (isEnd.test(line) ? [index] : []));
  const [from, ...otherBegins] = begins;
  const [to, ...otherEnds] = ends;
  if (from === undefined && to === undefined)
    return { kind: "parts", head: text, block: "", tail: "", hasOwnFolder: false };
  if (from === undefined || to === undefined || to < from)
    return { kind: "broken", line: (to ?? from ?? 0) + 1 };
  const surplus = otherBegins[0] ?? otherEnds[0];
  if (surplus !== undefined) return { kind: "broken", line: surplus + 1 };
  return {
    kind: "parts",
    head: lines.slice(0, from).join(""),
    block: lines.slice(from, to + 1).join(""),
    tail: lines.slice(to + 1).join(""),
    hasOwnFolder: lines[from]?.includes(newFolder) ?? false,
  };
}

/** Text after which a line of ours stands for itself: its last line is ended, and no continuation is open. */
function closed(head: string): string {
  const ended = head === "" || head.endsWith("\n") ? head : `${head}\n`;
  // systemd.syntax(7): a backslash at the end of a line goes on with the next, comments between them left out.
  return /\\\r?\n(?:[ \t]*[#;][^\n]*\n)*$/.test(ended) ? `${ended}\n` : ended;
}

/** The name of the section that a line after this text would belong to; "" before the first header. */
function sectionAtEnd(text: string): string {
  return (
    text
      .match(/^[ \t]*\[[^\]\n]*\](?=[ \t\r]*$)/gm)
      ?.at(-1)
      ?.trim() ?? ""
  );
}

/** Text that stood in the section `was` and now follows `is`, with a header where it would change hands. */
function withSection(tail: string, was: string, is: string): string {
  if (was === is || was === "") return tail;
  const first = tail.split("\n").find(line => !/^[ \t\r]*([#;].*)?$/.test(line));
  return first === undefined || /^[ \t]*\[/.test(first) ? tail : `${was}\n${tail}`;
}
