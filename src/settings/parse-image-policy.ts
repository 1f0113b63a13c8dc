import { invalid, type Outcome, type ParseInput } from "./value-parser.ts";

/** All of these stand for a policy as a whole: use everything, nothing, or what is not encrypted. */
const WHOLE = new Set(["*", "-", "~"]);

/**
 * systemd.image-policy(7): `partition=flag+flag` between colons, each partition once; no partition is all others.
 * Versions that are lenient pass over names that they do not know.
 */
export function parseImagePolicy(input: ParseInput): Outcome {
  const { text, rule } = input;
  if (text === "") return { kind: "reset" };
  const expanded = input.expand(text);
  if (expanded.kind === "unknown") return invalid(input);
  const partitions = rule.words ?? [];
  const flags = (rule.flags ?? "").split(" ");
  const seen = new Set<string>();
  for (const part of WHOLE.has(expanded.text) ? [] : expanded.text.split(":")) {
    const equals = part.indexOf("=");
    if (equals < 0) return invalid(input);
    const name = part.slice(0, equals).trim();
    const isKnown = name === "" || partitions.includes(name);
    if (!isKnown && rule.isLenient) continue;
    const words = part
      .slice(equals + 1)
      .split("+")
      .map(word => word.trim());
    const isOdd = words.join("") !== "" && words.some(word => !flags.includes(word));
    if (!isKnown || seen.has(name) || (isOdd && !rule.isLenient)) return invalid(input);
    seen.add(name);
  }
  return { kind: "set", value: { kind: "text", value: expanded.text } };
}
