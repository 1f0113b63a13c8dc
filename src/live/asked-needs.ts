// An event of a log → what the service asked for and did not get, as needs; rules/live/denials.json says how to read it.

import { isBelow, type NeedPattern, parseNeedPattern } from "../needs/need-pattern.ts";
import type { TraceEvent } from "../needs/trace/events.ts";
import type { DenialCertainty, DenialRule } from "../rules/denials.ts";

/** One reading of an event. */
export interface Asked {
  readonly certainty: DenialCertainty;
  /** What a directive that denied it would have answered: `EROFS`, `SIGSYS`; any where nothing is known. */
  readonly errors: readonly string[];
  /** Only directives of these kinds come into question. */
  readonly kinds?: readonly string[];
  readonly for:
    | { readonly kind: "need"; readonly need: NeedPattern }
    /** A path that a directive of the unit names cannot be used; `undefined`: some path. */
    | { readonly kind: "listed-path"; readonly path: string | undefined }
    | { readonly kind: "directive"; readonly directive: string };
}

/** Below this systemd shows paths while it sets a mount namespace up: the service's own path follows. */
const SETUP_ROOTS = /^\/run\/systemd\/(?:unit-root|mount-rootfs)(?=\/)/;

/** What counts of the service whose event it is. */
export interface AskingService {
  readonly isRoot: boolean;
  /** A setting that is one word or path, such as WorkingDirectory=. */
  readonly textOf: (directive: string) => string | undefined;
}

/** Every reading of an event, in the order of the rules; none for events that tell of no denial. */
export function askedNeeds(
  event: TraceEvent,
  rules: readonly DenialRule[],
  service: AskingService,
): readonly Asked[] {
  const facts = factsOf(event);
  if (facts === undefined) return [];
  return rules
    .filter(rule => isMet(rule, event, facts, service.isRoot))
    .flatMap(rule => readingsOf(rule, facts, service));
}

/** What rules ask about, whatever the kind of event. */
interface EventFacts {
  readonly error: string | undefined;
  readonly path: string | undefined;
  readonly access: "read" | "write" | "exec" | "unknown";
  readonly call: string | undefined;
  readonly family: string | undefined;
  readonly port: string | undefined;
  readonly step: string | undefined;
  readonly name: string | undefined;
}

function factsOf(event: TraceEvent): EventFacts | undefined {
  const none = {
    error: undefined,
    path: undefined,
    access: "unknown",
    call: undefined,
    family: undefined,
    port: undefined,
    step: undefined,
    name: undefined,
  } as const;
  switch (event.kind) {
    case "denied-call": {
      // What SystemCallLog= records was let through.
      if (event.action === "logged" || event.action === "traced") return undefined;
      return { ...none, call: event.call, error: event.action === "errno" ? "EPERM" : "SIGSYS" };
    }
    case "path-error":
      return {
        ...none,
        error: event.error,
        path: event.path,
        access: event.access ?? "unknown",
        call: event.call,
      };
    case "errno":
      return { ...none, error: event.error, call: event.call, family: event.family, port: event.port };
    case "setup":
      return {
        ...none,
        step: event.step,
        error: event.error,
        path: event.path?.replace(SETUP_ROOTS, ""),
      };
    case "exit":
      return { ...none, name: event.name };
    case "result":
    case "access-denied":
      return undefined;
    default: {
      const never: never = event;
      return never;
    }
  }
}

function isMet(rule: DenialRule, event: TraceEvent, facts: EventFacts, isRoot: boolean): boolean {
  const { path } = facts;
  return (
    isOf(rule, event) &&
    (rule.says === undefined || new RegExp(rule.says, "i").test(event.detail)) &&
    isOne(rule.on, facts.error) &&
    isOne(rule.access, facts.access) &&
    (rule.below === undefined || (path !== undefined && rule.below.some(folder => isBelow(path, folder)))) &&
    isOne(rule.calls, facts.call) &&
    (rule.hasCall === undefined || rule.hasCall === (facts.call !== undefined)) &&
    isOne(rule.steps, facts.step) &&
    isOne(rule.names, facts.name) &&
    (rule.when === undefined || isRoot)
  );
}

/** A call that fails is one thing, whether or not the message names a path as well. */
function isOf(rule: DenialRule, event: TraceEvent): boolean {
  return (
    rule.event === event.kind ||
    (rule.event === "errno" && rule.calls !== undefined && event.kind === "path-error")
  );
}

function isOne(wanted: readonly string[] | undefined, is: string | undefined): boolean {
  return wanted === undefined || (is !== undefined && wanted.includes(is));
}

function readingsOf(rule: DenialRule, facts: EventFacts, service: AskingService): readonly Asked[] {
  const errors = rule.errors ?? (facts.error === undefined ? [] : [facts.error]);
  const { certainty, kinds } = rule;
  const shared = { certainty, errors, ...(kinds === undefined ? {} : { kinds }) };
  const needs = (rule.needs ?? []).map(text => ({
    ...shared,
    for: { kind: "need", need: parseNeedPattern(filled(text, facts, service)) } as const,
  }));
  const directives = (rule.directives ?? []).map(directive => ({
    ...shared,
    for: { kind: "directive", directive } as const,
  }));
  const path = rule.lists === "*" ? undefined : facts.path;
  const lists = rule.lists === undefined ? [] : [{ ...shared, for: { kind: "listed-path", path } as const }];
  return [...needs, ...directives, ...lists];
}

/** `read:{path}` with the event's path, `read:{WorkingDirectory}` with the unit's; what nobody tells can be anything. */
function filled(text: string, { path, call, family, port }: EventFacts, { textOf }: AskingService): string {
  const ofEvent: Readonly<Record<string, string | undefined>> = { path, call, family, port };
  return text.replace(
    /\{(\w+)\}/g,
    (_, name: string) => (/^[a-z]/.test(name) ? ofEvent[name] : textOf(name)) ?? "*",
  );
}
