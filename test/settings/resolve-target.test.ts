import { describe, expect, test } from "vitest";
import { resolveTarget } from "../../src/settings/resolve-target.ts";

describe("the systemd that units are read for", () => {
  test.each([
    ["257", 257, 257, undefined],
    ["257.9-1~deb13u1", 257, 257, undefined],
    ["v262", 262, 262, undefined],
    [252, 252, 252, undefined],
    ["247", 247, 252, "version-older"],
    ["256", 256, 254, "version-between"],
    ["261~rc2", 261, 257, "version-between"],
    ["263", 263, 262, "version-newer"],
  ])("%s is version %i, read as %i", (version, number, profile, code) => {
    const result = resolveTarget({ version });
    expect(result).toMatchObject({
      kind: "target",
      target: { version: number, profile, scope: "system", arch: "x86-64" },
    });
    expect(result.kind === "target" ? result.note?.code : "error").toBe(code);
  });

  test.each([
    ["", "version-malformed"],
    ["latest", "version-malformed"],
    ["257x", "version-malformed"],
    ["-257", "version-malformed"],
    ["246", "version-too-old"],
  ])("%j is none: %s", (version, code) => {
    expect(resolveTarget({ version })).toMatchObject({ kind: "error", diagnostic: { code } });
  });

  test.each([
    ["aarch64", "arm64"],
    ["amd64", "x86-64"],
    ["ppc64el", "ppc64-le"],
    ["riscv64", "riscv64"],
  ])("the architecture %s is systemd's %s", (arch, name) => {
    expect(resolveTarget({ version: 257, arch })).toMatchObject({ target: { arch: name } });
  });

  test("an architecture without a table is an error that names the likely one", () => {
    const result = resolveTarget({ version: 257, arch: "x86-46" });
    expect(result).toMatchObject({
      kind: "error",
      diagnostic: { code: "arch-unknown-meant", args: { meant: "x86-64" } },
    });
  });
});
