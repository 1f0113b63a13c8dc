// What `watch` and `explain-failure` start with: the unit as its files say, and who can explain its failures.
import type { ExplainOptions } from "../live/explain-failure.ts";
import { pathKindAtStart } from "../needs/filesystem-needs.ts";
import { resolveSettings } from "../settings/resolve-settings.ts";
import { Failure } from "./failure.ts";
import type { SourceOptions } from "./options.ts";
import { openSession, type Session } from "./session.ts";
import type { Terminal } from "./terminal.ts";

export interface FailureSession {
  readonly session: Session;
  readonly unit: string;
  readonly explain: ExplainOptions;
}

/** @returns `undefined` where there is no such unit, which has been said. @throws {Failure} where systemd refuses it. */
export async function openFailureSession(
  options: SourceOptions,
  terminal: Terminal,
): Promise<FailureSession | undefined> {
  const session = await openSession(options, terminal);
  const [first] = [...session.units()];
  if (first === undefined || first.unit.status === "not-found") return undefined;
  const { unit, target } = first;
  const { context } = session;
  if (unit.status !== "loaded") throw new Failure(`${unit.name} is ${unit.status}`);
  const settings = resolveSettings(unit, context.target, context.facts);
  const pathKind = target.evidence === "system" ? pathKindAtStart(target.source.tree, []) : undefined;
  return { session, unit: unit.name, explain: { settings, facts: context.facts, pathKind } };
}
