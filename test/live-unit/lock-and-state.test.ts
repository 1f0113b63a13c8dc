import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { takeLock } from "../../src/live/lock.ts";
import { putFile, restoreFile, saveFile } from "../../src/live/runtime-drop-in.ts";
import { clearState, type RunState, readState, writeState } from "../../src/live/state.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tightunit-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("the lock", () => {
  it("lets one in, tells others who it is, and lets the next in after it", () => {
    const first = takeLock(folder);
    expect(first.kind).toBe("taken");
    expect(takeLock(folder)).toEqual({ kind: "held", pid: process.pid });
    if (first.kind === "taken") first.release();
    expect(takeLock(folder).kind).toBe("taken");
    expect(readdirSync(folder)).toEqual(["lock"]);
  });

  it.each(["999999999 1\n", `${process.pid} 1\n`, "", "nonsense\n"])(
    "takes over the lock of who is gone: %j",
    text => {
      writeFileSync(join(folder, "lock"), text);
      expect(takeLock(folder).kind).toBe("taken");
      expect(readdirSync(folder)).toEqual(["lock"]);
    },
  );

  it("says why where there is no place for it", () => {
    writeFileSync(join(folder, "file"), "");
    expect(takeLock(join(folder, "file"))).toMatchObject({ kind: "failed" });
  });
});

const state: RunState = {
  format: 1,
  command: "try",
  unit: "bakery.service",
  began: "2026-11-23T00:00:00Z",
  pid: 7,
  wasActive: true,
  isTouched: true,
  files: [{ path: "/run/x", before: null, madeFolders: ["/run"] }],
  steps: ["write /run/x", "restart"],
};

describe("the state of a run", () => {
  it("comes back as it was written, and goes", () => {
    expect(readState(folder)).toBe("none");
    writeState(state, folder);
    expect(readState(folder)).toEqual(state);
    clearState(folder);
    expect(readState(folder)).toBe("none");
    clearState(folder);
  });

  it.each([
    "",
    "{",
    "[]",
    "null",
    "{}",
    '{"format":2}',
    JSON.stringify({ ...state, files: [{ path: "x" }] }),
  ])("is damaged where it is no state: %s", text => {
    writeFileSync(join(folder, "state.json"), text);
    expect(readState(folder)).toBe("damaged");
  });
});

describe("a file that is put in place", () => {
  it("goes with the folders that were made for it", () => {
    const path = join(folder, "run", "bakery.service.d", "x.conf");
    const saved = saveFile(path);
    putFile(path, "[Service]\n");
    expect(readFileSync(path, "utf8")).toBe("[Service]\n");
    restoreFile(saved);
    expect(readdirSync(folder)).toEqual([]);
    restoreFile(saved);
  });

  it("leaves folders in which others have put something", () => {
    const path = join(folder, "bakery.service.d", "x.conf");
    const saved = saveFile(path);
    putFile(path, "a");
    writeFileSync(join(folder, "bakery.service.d", "other.conf"), "");
    restoreFile(saved);
    expect(readdirSync(join(folder, "bakery.service.d"))).toEqual(["other.conf"]);
  });

  it("gives back every byte of what was there", () => {
    const path = join(folder, "x.conf");
    const bytes = Buffer.from([0, 255, 10, 13, 200]);
    writeFileSync(path, bytes);
    const saved = saveFile(path);
    putFile(path, "other");
    restoreFile(saved);
    expect(readFileSync(path)).toEqual(bytes);
  });

  it("writes nothing through a link", () => {
    mkdirSync(join(folder, "real"));
    symlinkSync(join(folder, "real"), join(folder, "bakery.service.d"));
    expect(() => putFile(join(folder, "bakery.service.d", "x.conf"), "x")).toThrow(/write-into-link/);
    expect(readdirSync(join(folder, "real"))).toEqual([]);
  });
});
