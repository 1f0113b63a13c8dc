import { describe, expect, it } from "vitest";
import type { Atom } from "../../src/live/atoms.ts";
import { cluesOf, provenNeeds, shapeOf, suspicion } from "../../src/live/clues.ts";
import { loadDirective } from "../../src/rules/directives.ts";
import { loadFailures } from "../../src/rules/failures.ts";
import { type Broken, failed } from "./observations.ts";

const broken = (lines: readonly string[], more: Partial<Broken> = {}): Broken => ({
  ...failed(""),
  entries: lines.map(message => ({ message, from: "service", time: 0 })),
  ...more,
});

const clues = (lines: readonly string[], known: readonly string[] = [], more: Partial<Broken> = {}) =>
  cluesOf(broken(lines, more), loadFailures(), new Set(known.map(shapeOf)));

const atom = (directive: string, denies: readonly string[], kind: Atom["kind"] = "value"): Atom => ({
  key: directive,
  directive,
  kind,
  value: "yes",
  denies,
  odds: 1,
});

const suspected = (lines: readonly string[], suspect: Atom, more: Partial<Broken> = {}) =>
  suspicion(suspect, clues(lines, [], more), loadDirective(suspect.directive));

describe("what a line proves", () => {
  it.each([
    ['open() "/var/www/upload/loaf" failed (30: Read-only file system)', "/var/www/upload/loaf"],
    ["sh: 1: cannot create /var/loaf: Read-only file system", "/var/loaf"],
    ["OSError: [Errno 30] Read-only file system: '/srv/rye/x y'", "/srv/rye/x"],
    ["Error: EROFS: read-only file system, open '/opt/oven/order.json'", "/opt/oven/order.json"],
  ])("%s", (line, path) => {
    expect(provenNeeds(clues([line]))).toMatchObject([
      { kind: "write", subject: path, certainty: "observed" },
    ]);
  });

  it("is nothing where the unit says the same while all is well", () => {
    const said = "worker 17: cannot create /var/loaf: Read-only file system";
    expect(provenNeeds(clues([said.replace("17", "4711")], [said]))).toEqual([]);
  });

  it("is nothing where the probe says it, which may be about files of its own", () => {
    const output = "touch: cannot touch '/usr/x': Read-only file system";
    expect(provenNeeds(clues([], [], { output }))).toEqual([]);
  });
});

describe("who is suspected", () => {
  it("names the capability, the family, the call set or the directive behind a line", () => {
    expect(
      suspected(
        ["bind() to 0.0.0.0:80 failed (13: Permission denied)"],
        atom("CapabilityBoundingSet", ["cap:CAP_NET_BIND_SERVICE"], "member"),
      ),
    ).toBeGreaterThan(10);
    expect(
      suspected(
        ["getifaddrs: Address family not supported by protocol"],
        atom("RestrictAddressFamilies", ["family:AF_NETLINK"], "member"),
      ),
    ).toBeGreaterThan(10);
    expect(
      suspected(
        ["could not load library: failed to map segment"],
        atom("MemoryDenyWriteExecute", ["memory-wx"]),
      ),
    ).toBeGreaterThan(10);
    expect(
      suspected(
        ["Could not chdir to home directory /home/baker: No such file or directory"],
        atom("ProtectHome", ["read:/home"]),
      ),
    ).toBeGreaterThan(10);
  });

  it("hears how the process ended", () => {
    const exit = (by: "killed" | "exited", status: number) => ({
      state: { ...broken([]).state, exit: { by, status } },
    });
    expect(suspected([], atom("SystemCallFilter", [], "rest"), exit("killed", 31))).toBeGreaterThan(1);
    expect(suspected([], atom("PrivateDevices", []), exit("exited", 226))).toBeGreaterThan(1);
    expect(suspected([], atom("RestrictRealtime", []), exit("exited", 226))).toBe(1);
  });

  it("is nobody where nothing is said", () => {
    expect(suspected(["all is well"], atom("ProtectSystem", ["write:/"]))).toBe(1);
  });
});
