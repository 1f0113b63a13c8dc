// Stands in for wrap-ansi in the bundle: the help is plain text without escape sequences.

/** Breaks each line of a text between words, and within a word longer than the width. */
export default function wrap(text, width) {
  return text
    .split("\n")
    .map(line => wrapLine(line, Math.max(1, width)))
    .join("\n");
}

function wrapLine(line, width) {
  const lines = [""];
  for (let word of line.split(" ")) {
    const last = lines.length - 1;
    if (lines[last].length + 1 + word.length <= width || lines[last] === "")
      lines[last] += lines[last] === "" ? word : ` ${word}`;
    else lines.push(word);
    for (word = lines.at(-1); word.length > width; word = lines.at(-1)) {
      lines[lines.length - 1] = word.slice(0, width);
      lines.push(word.slice(width));
    }
  }
  return lines.join("\n");
}
