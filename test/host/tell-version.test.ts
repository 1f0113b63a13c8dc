import { chmodSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tellVersion, versionIn } from "../../src/host/tell-version.ts";

describe("the version that systemctl says", () => {
  it.each([
    ["systemd 257 (257.6-1)\n+PAM +AUDIT", 257],
    ["systemd 258.1\n", 258],
    ["systemd 252 (252.39-1~deb12u1)\n", 252],
    ["systemd 26\n", undefined],
    ["runit 2.1.2\n", undefined],
    ["", undefined],
  ])("of %j is %s", (text, version) => {
    expect(versionIn(text)).toBe(version);
  });

  it("is asked of the program, and is nothing where there is none or where it fails", () => {
    const folder = mkdtempSync(join(tmpdir(), "tightunit-systemctl-"));
    const program = (name: string, body: string): string => {
      const path = join(folder, name);
      writeFileSync(path, `#!/bin/sh\n${body}\n`);
      chmodSync(path, 0o755);
      return path;
    };
    expect(tellVersion(program("good", "echo 'systemd 255 (255.4)'"))).toEqual({ version: 255 });
    expect(tellVersion(program("failing", "echo 'systemd 255'; exit 1"))).toBeUndefined();
    expect(tellVersion(join(folder, "absent"))).toBeUndefined();
  });
});
