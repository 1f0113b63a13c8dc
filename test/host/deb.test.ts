import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openDeb } from "../../src/host/deb.ts";
import { directoryTree } from "../../src/host/directory-tree.ts";
import type { FileTree } from "../../src/host/file-tree.ts";
import { FileUnreadable, SourceError } from "../../src/host/source-error.ts";
import { makeDeb } from "./make-deb.ts";

const text = (bytes: Uint8Array | undefined) => bytes && Buffer.from(bytes).toString();
const hasDpkg = spawnSync("dpkg-deb", ["--version"]).status === 0;
const unit = "[Service]\nExecStart=/usr/bin/bakery\n";
const scratch = mkdtempSync(join(tmpdir(), "tightunit-deb-"));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** Every path below a folder of the tree, links not followed. */
function* pathsOf(tree: FileTree, folder = ""): Generator<string> {
  for (const name of tree.readDirectory(folder || "/")) {
    const path = `${folder}/${name}`;
    yield path;
    if (tree.lstat(path)?.kind === "directory") yield* pathsOf(tree, path);
  }
}

async function codeOf(deb: Uint8Array): Promise<string> {
  try {
    await openDeb(deb, "bakery.deb");
    return "opened";
  } catch (error) {
    if (error instanceof SourceError) return error.diagnostic.code;
    throw error;
  }
}

describe("openDeb", () => {
  const longName = `usr/share/bakery/${"very-".repeat(60)}long/recipe`;

  it.each(["", ".gz"])("reads files, links, hard links, long names, owners (data.tar%s)", async suffix => {
    const tree = await openDeb(
      await makeDeb({
        suffix,
        data: [
          { header: { name: "./usr/lib/systemd/system/bakery.service", size: unit.length }, body: unit },
          {
            header: {
              name: "./usr/lib/systemd/system/baker.service",
              size: 0,
              type: "symlink",
              linkname: "bakery.service",
            },
          },
          { header: { name: "./usr/bin/bakery", size: 4, mode: 0o755 }, body: "\x7fELF" },
          { header: { name: "./usr/bin/bake", size: 0, type: "link", linkname: "./usr/bin/bakery" } },
          {
            header: {
              name: "./var/lib/bakery/",
              size: 0,
              type: "directory",
              mode: 0o750,
              uid: 104,
              gid: 105,
            },
          },
          { header: { name: `./${longName}`, size: 5 }, body: "flour" },
          { header: { name: "./usr/share/doc/bakery/manual", size: 5 }, body: "pages" },
        ],
      }),
      "bakery.deb",
    );
    expect(tree.label).toBe("bakery.deb");
    expect(text(tree.readFile("/usr/lib/systemd/system/baker.service"))).toBe(unit);
    expect(text(tree.readFile("/usr/bin/bake"))).toBe("\x7fELF");
    expect(tree.stat("/usr/bin/bakery")?.mode).toBe(0o755);
    expect(tree.stat("/var/lib/bakery")).toEqual({
      kind: "directory",
      size: 0,
      mode: 0o750,
      uid: 104,
      gid: 105,
    });
    expect(text(tree.readFile(`/${longName}`))).toBe("flour");
    expect(tree.stat("/usr/share/doc/bakery/manual")?.size).toBe(5);
    expect(() => tree.readFile("/usr/share/doc/bakery/manual")).toThrow(FileUnreadable);
  });

  it("has what dpkg would note of the installed package", async () => {
    const tree = await openDeb(
      await makeDeb({
        control: {
          control: "Package: bakery\nVersion: 1.2\n",
          postinst: "#!/bin/sh\nadduser baker\n",
          conffiles: "/etc/bakery.conf\n",
        },
        data: [{ header: { name: "./etc/bakery.conf", size: 3 }, body: "a=b" }],
      }),
    );
    expect(text(tree.readFile("/var/lib/dpkg/info/bakery.postinst"))).toContain("adduser baker");
    expect(text(tree.readFile("/var/lib/dpkg/info/bakery.conffiles"))).toBe("/etc/bakery.conf\n");
    expect(text(tree.readFile("/var/lib/dpkg/info/bakery.list"))).toBe("/.\n/etc/bakery.conf\n");
    expect(text(tree.readFile("/var/lib/dpkg/status"))).toBe(
      "Package: bakery\nStatus: install ok installed\nVersion: 1.2\n\n",
    );
  });

  it("keeps names that climb, absolute names and links out inside the tree", async () => {
    const tree = await openDeb(
      await makeDeb({
        control: { control: "Package: ../../evil\n", "../../x": "x" },
        data: [
          { header: { name: "../../../../etc/climbed", size: 1 }, body: "x" },
          { header: { name: "/etc/absolute", size: 1 }, body: "x" },
          {
            header: { name: "./etc/out", size: 0, type: "symlink", linkname: "../../../../../../etc/passwd" },
          },
          { header: { name: "./etc/hard", size: 0, type: "link", linkname: "/etc/passwd" } },
          { header: { name: "./etc/null", size: 0, type: "character-device" } },
        ],
      }),
    );
    expect([...pathsOf(tree)]).toEqual([
      "/etc",
      "/etc/absolute",
      "/etc/climbed",
      "/etc/hard",
      "/etc/null",
      "/etc/out",
    ]);
    expect(tree.readFile("/etc/out")).toBe(undefined);
    expect(tree.readFile("/etc/hard")).toBe(undefined);
    expect(tree.readFile("/etc/null")).toBe(undefined);
  });

  it("says what is wrong with a broken package", async () => {
    const deb = await makeDeb({
      suffix: ".gz",
      data: [{ header: { name: "./a", size: 6000 }, body: Buffer.alloc(6000, "a") }],
    });
    expect(await codeOf(deb)).toBe("opened");
    expect(await codeOf(new Uint8Array())).toBe("deb-not-a-package");
    expect(await codeOf(Buffer.from("PK\x03\x04 a zip"))).toBe("deb-not-a-package");
    expect(await codeOf(deb.subarray(0, deb.length - 20))).toBe("deb-truncated");
    expect(await codeOf(deb.subarray(0, 100))).toBe("deb-truncated");
    const flipped = Uint8Array.from(deb);
    for (let i = deb.length - 40; i < deb.length - 30; i++) flipped[i] = 255 - (flipped[i] ?? 0);
    expect(await codeOf(flipped)).toBe("deb-damaged");
    expect(await codeOf(await makeDeb({ suffix: ".bz2", raw: Buffer.from("BZh9") }))).toBe("deb-compression");
    for (const suffix of ["", ".gz", ".xz", ".zst"]) {
      expect(
        await codeOf(await makeDeb({ suffix, raw: Buffer.from("no archive at all, whatever it says") })),
        suffix,
      ).toBe("deb-damaged");
      expect(await codeOf(await makeDeb({ suffix, raw: new Uint8Array() })), suffix).toBe("deb-damaged");
    }
    await expect(openDeb("/nowhere/bakery.deb")).rejects.toThrow(SourceError);
    await expect(openDeb("/dev/null")).rejects.toThrow(SourceError);
  });
});

describe.skipIf(!hasDpkg)(
  `openDeb against dpkg-deb${hasDpkg ? "" : " (skipped: dpkg-deb is not installed)"}`,
  () => {
    const root = join(scratch, "root");
    beforeAll(() => {
      for (const folder of ["DEBIAN", "usr/lib/systemd/system", "usr/bin", "etc"])
        mkdirSync(join(root, folder), { recursive: true });
      writeFileSync(
        join(root, "DEBIAN/control"),
        "Package: bakery\nVersion: 1\nArchitecture: all\nMaintainer: Baker <b@example.org>\nDescription: bread\n",
      );
      writeFileSync(join(root, "usr/lib/systemd/system/bakery.service"), unit);
      writeFileSync(
        join(root, "usr/bin/bakery"),
        Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * i) % 251)),
        { mode: 0o755 },
      );
      symlinkSync("/usr/bin/bakery", join(root, "etc/link"));
    });

    it.each(["none", "gzip", "xz", "zstd"])("gives the same files (%s)", async compression => {
      const file = join(scratch, `${compression}.deb`);
      const built = spawnSync("dpkg-deb", [`-Z${compression}`, "-b", root, file], { encoding: "utf8" });
      if (built.status !== 0 && compression === "zstd") return; // before dpkg 1.21.18 it cannot write zstd
      expect(built.stderr).toBe("");
      const tree = await openDeb(file);
      const unpacked = directoryTree(root);
      const paths = [...pathsOf(unpacked)].filter(path => !path.startsWith("/DEBIAN"));
      expect([...pathsOf(tree)].filter(path => !path.startsWith("/var"))).toEqual(paths);
      for (const path of paths) {
        expect(tree.readLink(path), path).toBe(unpacked.readLink(path));
        expect(text(tree.readFile(path)), path).toBe(text(unpacked.readFile(path)));
      }
    });
  },
);

/** Packages of the distribution, where its archive can be reached: downloaded, not installed. */
function downloadPackages(): readonly string[] {
  if (!hasDpkg) return [];
  spawnSync("apt-get", ["-q", "download", "nginx", "redis-server", "openssh-server"], {
    cwd: scratch,
    timeout: 60_000,
  });
  return readdirSync(scratch).filter(name => name.endsWith("_amd64.deb") || name.endsWith("_arm64.deb"));
}

const packages = downloadPackages();
describe.skipIf(packages.length === 0)(
  `packages of the distribution${packages.length > 0 ? "" : " (skipped: none could be downloaded)"}`,
  () => {
    it.each(packages)("%s is as dpkg-deb -x has it", async name => {
      const file = join(scratch, name);
      const folder = join(scratch, `${name}.unpacked`);
      execFileSync("dpkg-deb", ["-x", file, folder]);
      const tree = await openDeb(file);
      const unpacked = directoryTree(folder);
      let compared = 0;
      for (const path of pathsOf(unpacked)) {
        const { kind, size, mode } = unpacked.lstat(path) ?? {};
        if (kind === "directory") continue;
        expect(tree.lstat(path), path).toMatchObject(kind === "symlink" ? { kind } : { kind, size, mode });
        if (path.startsWith("/usr/share/") || kind !== "file") continue;
        expect(
          Buffer.compare(tree.readFile(path) ?? Buffer.of(), unpacked.readFile(path) ?? Buffer.of(1)),
          path,
        ).toBe(0);
        compared++;
      }
      expect(compared).toBeGreaterThan(0);
    });
  },
);
