// The tree of a template goes in (`bakery.service.in`, with @bindir@, {{ user }} and the like), the tree of a unit that a
// build could make of it comes out: stand-ins for what is filled in, each assignment with the placeholders that it had.
// What the real value will be is not known: who reads a value with placeholders has to say so.
import type { TemplateFacts } from "../rules/templates.ts";
import type { Assignment, Diagnostic, UnitNode, UnitTree } from "./tree.ts";

/** What stands for a name of which nothing is known. */
const unknownValue = "placeholder";

/** Of one line; more are no work of a person's. */
const mostPlaceholders = 100;

/** A line with more than this is not looked at for placeholders. */
const longestLine = 64 * 1024;

interface Style {
  readonly pattern: RegExp;
  readonly isOurOwnIn: RegExp | undefined;
}

const compiled = new WeakMap<TemplateFacts, readonly Style[]>();

/** Positions, raw texts and what is no placeholder stay as they are. A line that is one as a whole is left out, with a note. */
export function fillPlaceholders(tree: UnitTree, facts: TemplateFacts): UnitTree {
  const styles = stylesOf(facts);
  const left = new Map<number, Diagnostic>();
  const leave = (node: UnitNode, text: string): UnitNode => {
    const { position, raw } = node;
    const args = { text: text.length > 80 ? `${text.slice(0, 79)}…` : text };
    left.set(position.line, { code: "placeholder-line", severity: "note", position, args });
    return { kind: "ignored", raw, position };
  };
  const nodes = tree.nodes.map((node): UnitNode => {
    switch (node.kind) {
      case "assignment":
        return placeholdersIn(node.key, "", styles).length > 0
          ? leave(node, `${node.key}=${node.value}`)
          : fillAssignment(node, styles, facts);
      case "ignored": {
        const text = Buffer.from(node.raw, "latin1").toString().trim();
        return placeholdersIn(text, "", styles).length > 0 ? leave(node, text) : node;
      }
      default:
        return node;
    }
  });
  if (left.size === 0) return { ...tree, nodes };
  const others = tree.diagnostics.filter(({ position }) => !left.has(position?.line ?? 0));
  const diagnostics = [...others, ...left.values()];
  diagnostics.sort((a, b) => (a.position?.line ?? 0) - (b.position?.line ?? 0));
  return { ...tree, nodes, diagnostics };
}

function stylesOf(facts: TemplateFacts): readonly Style[] {
  const known = compiled.get(facts);
  if (known !== undefined) return known;
  const made = facts.placeholders.map(({ pattern, isOurOwnIn }) => ({
    pattern: new RegExp(pattern, "g"),
    isOurOwnIn: isOurOwnIn === undefined ? undefined : new RegExp(isOurOwnIn),
  }));
  compiled.set(facts, made);
  return made;
}

interface Placeholder {
  readonly start: number;
  readonly text: string;
  /** As rule data has it: lower case, `_` for everything between words. */
  readonly name: string;
  readonly isMaybeOurs: boolean;
}

function placeholdersIn(text: string, key: string, styles: readonly Style[]): readonly Placeholder[] {
  if (text.length > longestLine || !/[@{<%$]|m4_/.test(text)) return [];
  const found: Placeholder[] = [];
  for (const { pattern, isOurOwnIn } of styles) {
    for (const match of text.matchAll(pattern)) {
      if (found.length >= mostPlaceholders) break;
      const end = match.index + match[0].length;
      const isTaken = found.some(other => match.index < other.start + other.text.length && other.start < end);
      if (isTaken) continue;
      const name = nameOf(match[1] ?? "");
      found.push({ start: match.index, text: match[0], name, isMaybeOurs: isOurOwnIn?.test(key) ?? false });
    }
  }
  return found.sort((a, b) => a.start - b.start);
}

function nameOf(text: string): string {
  return (text.toLowerCase().match(/[a-z0-9]+/g) ?? []).join("_");
}

function fillAssignment(assignment: Assignment, styles: readonly Style[], facts: TemplateFacts): Assignment {
  const { key, value } = assignment;
  const usualValue = (name: string): string | undefined =>
    Object.hasOwn(facts.values, name) ? facts.values[name] : undefined;
  const found = placeholdersIn(value, key, styles).filter(
    // ${OPTIONS} among a command's arguments is systemd's own; a program's name is not looked for in the environment.
    ({ isMaybeOurs, name, start }) =>
      !isMaybeOurs || usualValue(name) !== undefined || /^[@:+!|-]*$/.test(value.slice(0, start)),
  );
  if (found.length === 0) return assignment;
  let filled = "";
  let at = 0;
  for (const { start, text, name } of found) {
    const before = filled + value.slice(at, start);
    at = start + text.length;
    // A path in front of another part of a path has to be an absolute one.
    const isPath = value[at] === "/" && /(^|[\s=:,"'@+!|-])$/.test(before);
    filled = before + (usualValue(name) ?? (isPath ? `/${unknownValue}` : unknownValue));
  }
  return { ...assignment, value: filled + value.slice(at), placeholders: found.map(each => each.text) };
}
