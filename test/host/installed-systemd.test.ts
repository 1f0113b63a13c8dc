import { describe, expect, it } from "vitest";
import { architectureOf } from "../../src/host/architecture.ts";
import { installedSystemd } from "../../src/host/installed-systemd.ts";
import { memoryTree } from "../../src/host/memory-tree.ts";

const versionIn = (...paths: readonly string[]) =>
  installedSystemd(memoryTree(Object.fromEntries(paths.map(path => [path, ""]))));

describe("the systemd of a tree", () => {
  it.each([
    ["/usr/lib/x86_64-linux-gnu/systemd/libsystemd-shared-257.so", 257, "x86-64"],
    ["/lib/aarch64-linux-gnu/systemd/libsystemd-shared-252.so", 252, "arm64"],
    ["/usr/lib/systemd/libsystemd-shared-257.6-1.fc42.so", 257, undefined],
    ["/usr/lib64/systemd/libsystemd-shared-254.so", 254, undefined],
    ["/usr/lib/systemd/libsystemd-shared-258.1-1.so", 258, undefined],
    ["/lib/systemd/libsystemd-shared-247.so", 247, undefined],
    ["/usr/lib/systemd/libsystemd-shared-260~rc2.so", 260, undefined],
  ])("is told by %s", (path, version, arch) => {
    const found = versionIn(path);
    expect(found).toMatchObject({ version, path });
    expect(found && architectureOf(found)).toBe(arch);
  });

  it("is the highest where an upgrade left several", () => {
    const folder = "/usr/lib/systemd/libsystemd-shared-";
    expect(versionIn(`${folder}252.so`, `${folder}257.so`, `${folder}254.so`)?.version).toBe(257);
  });

  it("is unknown where no such library lies", () => {
    expect(versionIn("/usr/lib/systemd/libsystemd-shared-new.so", "/etc/passwd")).toBeUndefined();
    expect(versionIn("/usr/lib/systemd/libsystemd-core-257.so")).toBeUndefined();
  });
});
