import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openTraceFile } from "../../src/live/trace-file.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tightunit-trace-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("the file of a trace", () => {
  it("holds the lines, and is its owner's alone whatever it was", () => {
    const path = join(folder, "oven.trace");
    writeFileSync(path, "an older and much longer trace\n", { mode: 0o644 });
    const file = openTraceFile(path);
    file.write(["1 close(3) = 0"]);
    file.write([]);
    file.write(["1 close(4) = 0", "1 close(5) = 0"]);
    file.close();
    expect(readFileSync(path, "utf8")).toBe("1 close(3) = 0\n1 close(4) = 0\n1 close(5) = 0\n");
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it("is as it was, or not there, where no line came", () => {
    const old = join(folder, "old.trace");
    writeFileSync(old, "older\n");
    for (const path of [old, join(folder, "new.trace")]) openTraceFile(path).close();
    expect(readFileSync(old, "utf8")).toBe("older\n");
    expect(existsSync(join(folder, "new.trace"))).toBe(false);
  });

  it("is not where a symbolic link leads", () => {
    symlinkSync(join(folder, "target"), join(folder, "link"));
    expect(() => openTraceFile(join(folder, "link"))).toThrow(/write-failed/);
    expect(() => openTraceFile(join(folder, "missing", "oven.trace"))).toThrow(/write-failed/);
  });
});
