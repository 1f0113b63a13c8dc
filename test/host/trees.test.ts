import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { directoryTree, hostTree } from "../../src/host/directory-tree.ts";
import type { FileTree } from "../../src/host/file-tree.ts";
import { memoryTree } from "../../src/host/memory-tree.ts";
import { overlayTree } from "../../src/host/overlay-tree.ts";
import { FileTooLarge, FileUnreadable, SourceError } from "../../src/host/source-error.ts";

const text = (bytes: Uint8Array | undefined) => bytes && Buffer.from(bytes).toString();
const bakery = "[Service]\nExecStart=/usr/bin/bakery\n";

/** The same small system, twice: once as values, once on disk. */
const files = {
  "/usr/lib/systemd/system/bakery.service": bakery,
  "/usr/lib/systemd/system/empty.service": "",
  "/etc/passwd": "root:x:0:0::/root:/bin/sh\n",
};
const links: Readonly<Record<string, string>> = {
  "/lib": "usr/lib",
  "/etc/systemd": "/usr/lib/systemd",
  "/etc/alias.service": "systemd/system/bakery.service",
  "/etc/out.service": "../../../../../../etc/passwd",
  "/etc/absolute.service": "/etc/passwd",
  "/etc/loop": "loop2",
  "/etc/loop2": "loop",
  "/etc/self": "self/deeper",
  "/etc/dangling": "/nowhere/at/all",
  "/etc/masked.service": "/dev/null",
  "/etc/up": "..",
};

let root = "";
let trees: readonly (readonly [string, FileTree])[] = [];

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "tightunit-tree-"));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(root, path, ".."), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  for (const [path, target] of Object.entries(links)) symlinkSync(target, join(root, path));
  const entries = [
    ...Object.entries(files),
    ...Object.entries(links).map(([path, link]) => [path, { link }] as const),
  ];
  const memory = memoryTree(entries);
  trees = [
    ["memory", memory],
    ["directory", directoryTree(root)],
    ["overlay of nothing", overlayTree(memoryTree({}), memory)],
    ["overlay over nothing", overlayTree(memory, memoryTree({}))],
  ];
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

describe.each(["memory", "directory", "overlay of nothing", "overlay over nothing"])("a %s tree", name => {
  const tree = (): FileTree => trees.find(([label]) => label === name)?.[1] ?? hostTree();

  it("reads files, also through relative and absolute links", () => {
    expect(text(tree().readFile("/usr/lib/systemd/system/bakery.service"))).toBe(bakery);
    expect(text(tree().readFile("/lib/systemd/system/bakery.service"))).toBe(bakery);
    expect(text(tree().readFile("/etc/systemd/system/bakery.service"))).toBe(bakery);
    expect(text(tree().readFile("/etc/alias.service"))).toBe(bakery);
    expect(text(tree().readFile("/etc/systemd/system/empty.service"))).toBe("");
  });

  it("resolves links that climb or start at / inside the tree", () => {
    expect(text(tree().readFile("/etc/out.service"))).toBe(files["/etc/passwd"]);
    expect(text(tree().readFile("/etc/absolute.service"))).toBe(files["/etc/passwd"]);
    expect(text(tree().readFile("/../../etc/up/up/../etc/passwd"))).toBe(undefined);
    expect(text(tree().readFile("/../../etc/up/etc/passwd"))).toBe(files["/etc/passwd"]);
    expect(tree().realPath("/etc/systemd/system/bakery.service")).toBe(
      "/usr/lib/systemd/system/bakery.service",
    );
  });

  it("finds nothing behind loops, dangling links, missing files and files used as directories", () => {
    for (const path of [
      "/etc/loop",
      "/etc/self",
      "/etc/dangling",
      "/etc/masked.service",
      "/nope",
      "/etc/passwd/x",
    ]) {
      expect(tree().readFile(path), path).toBe(undefined);
      expect(tree().stat(path), path).toBe(undefined);
      expect(tree().realPath(path), path).toBe(undefined);
      expect(tree().readDirectory(path), path).toEqual([]);
    }
    expect(tree().lstat("/etc/loop")?.kind).toBe("symlink");
    expect(tree().readLink("/etc/masked.service")).toBe("/dev/null");
    expect(tree().readLink("/etc/passwd")).toBe(undefined);
  });

  it("lists directories in byte order, through links", () => {
    expect(tree().readDirectory("/etc/systemd/system/")).toEqual(["bakery.service", "empty.service"]);
    expect(tree().readDirectory("/")).toEqual(["etc", "lib", "usr"]);
    expect(tree().stat("/")?.kind).toBe("directory");
    expect(tree().readFile("/etc")).toBe(undefined);
  });

  it("says of entries what a look at each says, links taken for themselves", () => {
    for (const path of ["/etc", "/lib/systemd/system", "/", "/etc/loop", "/nope", "/etc/passwd"]) {
      const looked = tree()
        .readDirectory(path)
        .map(each => ({ name: each, kind: tree().lstat(`${path}/${each}`)?.kind }));
      expect(tree().readEntries?.(path) ?? looked, path).toEqual(looked);
    }
  });

  it("refuses a file above the limit", () => {
    expect(() => tree().readFile("/etc/passwd", 4)).toThrow(FileTooLarge);
  });

  it("survives paths that no system has", () => {
    for (const path of [
      "",
      "\0",
      "/a\0b",
      `/${"x".repeat(300)}`,
      `/${"x/".repeat(100_000)}`,
      "/".repeat(4000),
      "//etc//./",
    ]) {
      expect(() => tree().readFile(path)).not.toThrow();
      expect(() => tree().readDirectory(path)).not.toThrow();
    }
    expect(tree().readDirectory("//etc//./")).toEqual(tree().readDirectory("/etc"));
  });
});

describe("trees of links made at random", () => {
  const part = fc.constantFrom("a", "b", "c", "..", ".", "");
  const target = fc.array(part, { minLength: 1, maxLength: 5 }).map(parts => parts.join("/") || "/");

  it("are the same in memory and on disk", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom("a", "b", "a/x", "c/a", "c/b"), target, { maxKeys: 5 }),
        target,
        (entries, path) => {
          const folder = mkdtempSync(join(tmpdir(), "tightunit-links-"));
          try {
            mkdirSync(join(folder, "c"));
            writeFileSync(join(folder, "c/file"), "flour");
            const made: [string, { link: string }][] = [];
            for (const [name, link] of Object.entries(entries)) {
              if (name.startsWith("a/")) continue;
              symlinkSync(link, join(folder, name));
              made.push([name, { link }]);
            }
            const disk = directoryTree(folder);
            const memory = memoryTree([["c/file", "flour"], ...made]);
            for (const asked of [path, `${path}/file`, `a/${path}`]) {
              expect(memory.realPath(asked)).toBe(disk.realPath(asked));
              expect(memory.readDirectory(asked)).toEqual(disk.readDirectory(asked));
              expect(text(memory.readFile(asked))).toBe(text(disk.readFile(asked)));
            }
          } finally {
            rmSync(folder, { recursive: true });
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe("directoryTree", () => {
  it("says that a root is missing", () => {
    expect(() => directoryTree("/nowhere/at/all")).toThrow(SourceError);
    expect(() => directoryTree(join(root, "etc/passwd"))).toThrow(SourceError);
  });

  it.skipIf(process.getuid?.() === 0)("says that a file may not be read (not as root)", () => {
    const path = join(root, "secret.service");
    writeFileSync(path, "");
    chmodSync(path, 0);
    expect(() => directoryTree(root).readFile("/secret.service")).toThrow(FileUnreadable);
  });

  it("reads files of /proc, which say that they are empty", () => {
    expect(text(hostTree().readFile("/proc/self/status"))).toContain("Pid:");
  });
});

describe("memoryTree", () => {
  it("keeps owners and modes, and says why a file's content is missing", () => {
    const tree = memoryTree({
      "var/lib/bakery": { directory: true, uid: 104, gid: 105, mode: 0o750 },
      "usr/bin/bakery": { withheld: "larger than the budget", size: 12 },
      "dev/null": { device: true },
    });
    expect(tree.stat("/var/lib/bakery")).toEqual({
      kind: "directory",
      size: 0,
      uid: 104,
      gid: 105,
      mode: 0o750,
    });
    expect(tree.stat("/usr/bin/bakery")?.size).toBe(12);
    expect(() => tree.readFile("/usr/bin/bakery")).toThrow(FileUnreadable);
    expect(tree.readFile("/dev/null")).toBe(undefined);
  });

  it("puts entries below a link where the link leads, and nothing outside", () => {
    const tree = memoryTree([
      ["usr/lib/x", "x"],
      ["lib", { link: "usr/lib" }],
      ["lib/y", "y"],
      ["../../escape", "inside"],
      ["__proto__/polluted", "no"],
    ]);
    expect(tree.readDirectory("/usr/lib")).toEqual(["x", "y"]);
    expect(text(tree.readFile("/escape"))).toBe("inside");
    expect("polluted" in {}).toBe(false);
  });
});

describe("overlayTree", () => {
  it("shows the upper tree's files, and both directories together", () => {
    const lower = memoryTree({
      "/etc/systemd/system/a.service": "old",
      "/etc/systemd/system/b.service": "b",
    });
    const upper = memoryTree({
      "/etc/systemd/system/a.service": "new",
      "/etc/systemd/system/a.service.d/x.conf": "x",
    });
    const tree = overlayTree(upper, lower);
    expect(text(tree.readFile("/etc/systemd/system/a.service"))).toBe("new");
    expect(text(tree.readFile("/etc/systemd/system/b.service"))).toBe("b");
    expect(tree.readDirectory("/etc/systemd/system")).toEqual(["a.service", "a.service.d", "b.service"]);
  });

  it("follows the lower tree's links into the upper one", () => {
    const lower = memoryTree({ "/lib": { link: "usr/lib" }, "/usr/lib/systemd/system/a.service": "a" });
    const tree = overlayTree(memoryTree({ "/usr/lib/systemd/system/a.service.d/x.conf": "x" }), lower);
    expect(text(tree.readFile("/lib/systemd/system/a.service.d/x.conf"))).toBe("x");
  });
});
