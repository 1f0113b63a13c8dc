// Text goes in, a tree comes out that prints back byte for byte; every assignment knows where it stands.
// Syntax: systemd.syntax(7); the parser follows systemd's conf-parser, which is the same from 252 to 262.

import type { Diagnostic, Position } from "../rules/diagnostic.ts";

export type { Diagnostic, Position };

interface NodeBase {
  /** The node's bytes, line ends and continuation lines included, one character per byte (latin1). */
  readonly raw: string;
  readonly position: Position;
}

export interface Blank extends NodeBase {
  readonly kind: "blank";
}

export interface Comment extends NodeBase {
  readonly kind: "comment";
}

export interface SectionHeader extends NodeBase {
  readonly kind: "section";
  readonly name: string;
}

export interface Assignment extends NodeBase {
  readonly kind: "assignment";
  /** The section that it stands in, "" before the first header. */
  readonly section: string;
  readonly key: string;
  /** As systemd sees it: continuation lines joined, comments inside them dropped, both ends stripped. */
  readonly value: string;
  /** Of a template that a build fills in: what it fills in here. `value` then has stand-ins in their place. */
  readonly placeholders?: readonly string[];
}

/** A line that systemd drops: no `=`, an empty key, or bytes that are no UTF-8. */
export interface Ignored extends NodeBase {
  readonly kind: "ignored";
}

export type UnitNode = Blank | Comment | SectionHeader | Assignment | Ignored;

export interface UnitTree {
  readonly file: string;
  readonly nodes: readonly UnitNode[];
  /** In the order of the file. The first of severity `error` is where systemd stops reading the file. */
  readonly diagnostics: readonly Diagnostic[];
}
