import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { dropInName, previewDropIn, undoDropIn, writeDropIn } from "../../src/host/drop-in-file.ts";
import { putManagedBlock, removeManagedBlock } from "../../src/host/managed-block.ts";
import { SourceError } from "../../src/host/source-error.ts";
import { removeAtomic, writeAtomic } from "../../src/host/write-atomic.ts";
import { folderWriter } from "../../src/host/write-into-folder.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tightunit-write-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function codeOf(action: () => unknown): string {
  try {
    action();
    return "done";
  } catch (error) {
    if (error instanceof SourceError) return [error.diagnostic.code, error.diagnostic.args?.reason].join(" ");
    throw error;
  }
}

describe("writeAtomic", () => {
  const bread = Buffer.from("bread\n");

  it("writes, replaces, keeps a file's mode, and leaves nothing beside it", () => {
    const path = join(folder, "oven.conf");
    writeAtomic(path, bread, { mode: 0o640 });
    expect(statSync(path).mode & 0o7777).toBe(0o640);
    chmodSync(path, 0o600);
    writeAtomic(path, Buffer.from("cake\n"), { mode: 0o644 });
    expect(readFileSync(path, "utf8")).toBe("cake\n");
    expect(statSync(path).mode & 0o7777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(["oven.conf"]);
    expect(removeAtomic(path)).toBe(true);
    expect(removeAtomic(path)).toBe(false);
  });

  it("refuses links and directories, and says so", () => {
    const target = join(folder, "target");
    writeFileSync(target, "old");
    symlinkSync(target, join(folder, "link"));
    mkdirSync(join(folder, "directory"));
    symlinkSync("directory", join(folder, "folder-link"));
    expect(codeOf(() => writeAtomic(join(folder, "link"), bread))).toBe("write-onto-link ");
    expect(codeOf(() => removeAtomic(join(folder, "link")))).toBe("write-onto-link ");
    expect(codeOf(() => writeAtomic(join(folder, "directory"), bread))).toBe("write-onto-directory ");
    expect(codeOf(() => writeAtomic(join(folder, "folder-link/x"), bread))).toBe("write-into-link ");
    expect(codeOf(() => writeAtomic(join(folder, "missing/x"), bread))).toBe("write-failed ENOENT");
    expect(readFileSync(target, "utf8")).toBe("old");
    expect(readdirSync(folder)).toEqual(["directory", "folder-link", "link", "target"]);
  });

  const isFull =
    existsSync("/dev/full") && process.getuid?.() === 0 && spawnSync("unshare", ["-m", "true"]).status === 0;
  it.skipIf(!isFull)(
    `leaves the old file when the disk is full${isFull ? "" : " (skipped: needs root and mount namespaces)"}`,
    () => {
      const script = `
      import { writeAtomic } from ${JSON.stringify(join(import.meta.dirname, "../../src/host/write-atomic.ts"))};
      import { readdirSync, readFileSync } from "node:fs";
      writeAtomic(${JSON.stringify(join(folder, "a"))}, Buffer.alloc(1000, 1));
      let code;
      try { writeAtomic(${JSON.stringify(join(folder, "a"))}, Buffer.alloc(1 << 20)); } catch (error) { code = error.diagnostic?.args.reason ?? String(error); }
      console.log(code, readdirSync(${JSON.stringify(folder)}).join(), readFileSync(${JSON.stringify(join(folder, "a"))}).length);`;
      const bundle = join(folder, "script.mjs");
      buildSync({
        stdin: { contents: script, resolveDir: folder },
        bundle: true,
        format: "esm",
        platform: "node",
        outfile: bundle,
      });
      const shell = `cp ${bundle} /dev/shm/$$ && mount -t tmpfs -o size=64k none ${folder} && node --input-type=module < /dev/shm/$$; rm /dev/shm/$$`;
      const run = spawnSync("unshare", ["-m", "sh", "-c", shell], { encoding: "utf8" });
      expect(run.stdout + run.stderr).toBe("ENOSPC a 1000\n");
    },
  );
});

describe("folderWriter", () => {
  it("puts every text in its place, and leaves nothing beside them", async () => {
    const writer = folderWriter(join(folder, "new/patches"));
    const names = Array.from({ length: 50 }, (_, index) => `${index}.patch`);
    for (const name of names) await writer.write(name, `for ${name}\n`);
    await writer.finish();
    expect(readdirSync(join(folder, "new/patches")).sort()).toEqual([...names].sort());
    for (const name of names)
      expect(readFileSync(join(folder, "new/patches", name), "utf8")).toBe(`for ${name}\n`);
  });

  it("tells of a text that could not be written, at the latest at the end", async () => {
    mkdirSync(join(folder, "1.patch"));
    const writer = folderWriter(folder);
    const all = async () => {
      for (const name of ["0.patch", "1.patch", "2.patch"]) await writer.write(name, "bread\n");
      await writer.finish();
    };
    await expect(all()).rejects.toMatchObject({ diagnostic: { code: "write-onto-directory" } });
    await writer.finish().catch(() => {});
    expect(readdirSync(folder).filter(name => name.endsWith(".tmp"))).toEqual([]);
  });
});

describe("the managed block", () => {
  const block = "[Service]\nNoNewPrivileges=yes";
  const put = (text: string, lines = block) => {
    const result = putManagedBlock(text, lines, "old-folder");
    if (result.kind === "broken") throw new Error(`broken in line ${result.line}`);
    return result.text;
  };
  const remove = (text: string) => {
    const result = removeManagedBlock(text);
    if (result.kind === "broken") throw new Error(`broken in line ${result.line}`);
    return result.text;
  };

  it("is put at the end once, replaced in its place, and taken out without a trace", () => {
    const hand = "# by hand\n[Unit]\nDescription=x\n";
    const once = put(hand);
    expect(once.startsWith(hand)).toBe(true);
    expect(put(once)).toBe(once);
    const more = `${once}[Service]\nNice=5\n`;
    expect(put(more, "[Service]\nLockPersonality=yes")).toMatch(
      /^# by hand\n[\s\S]*LockPersonality=yes\n# END tightunit\n\[Service\]\nNice=5\n$/,
    );
    expect(remove(more)).toBe(`${hand}[Service]\nNice=5\n`);
    expect(remove(once)).toBe(hand);
  });

  it("does not become part of a continued line", () => {
    expect(put("[Service]\nExecStart=/bin/a \\\n")).toContain("/bin/a \\\n\n# BEGIN");
    expect(put("[Service]\nExecStart=/bin/a \\\n# note\n")).toContain("# note\n\n# BEGIN");
    expect(put("[Service]\nNice=1")).toContain("Nice=1\n# BEGIN");
  });

  it("leaves lines that follow it in their section", () => {
    const text = `${put("[Unit]\nDescription=x\n")}Nice=5\n`;
    expect(remove(text)).toBe("[Unit]\nDescription=x\n[Service]\nNice=5\n");
  });

  it("says where its markers are damaged", () => {
    expect(putManagedBlock("# BEGIN tightunit\n[Service]\n", block, "old-folder")).toEqual({
      kind: "broken",
      line: 1,
    });
    expect(removeManagedBlock("\n# END tightunit\n# BEGIN tightunit\n")).toEqual({ kind: "broken", line: 2 });
    expect(removeManagedBlock(put(block) + put(block))).toMatchObject({ kind: "broken" });
  });

  it("comes and goes without changing what others wrote, whatever it is", () => {
    const line = fc.constantFrom(
      "[Unit]",
      "[Service]",
      "Nice=5",
      "# x",
      "; y",
      "",
      "A=b \\",
      "\\",
      "  [Install]",
      "\tC=d\r",
      "junk \xff",
    );
    fc.assert(
      fc.property(fc.array(line), lines => {
        const text = lines.map(each => `${each}\n`).join("");
        const back = remove(put(text));
        // An open continuation is closed by one empty line, which stays.
        expect([text, `${text}\n`]).toContain(back);
        expect(put(put(text))).toBe(put(text));
      }),
    );
  });
});

describe("writeDropIn", () => {
  const place = () => ({ root: folder, path: `/etc/systemd/system/bakery.service.d/${dropInName}` });
  const file = () => join(folder, place().path);
  const block = "[Service]\nNoNewPrivileges=yes\n";

  it("makes the folder, is idempotent, and undoes both", () => {
    mkdirSync(join(folder, "etc/systemd/system"), { recursive: true });
    expect(previewDropIn(place(), block).before).toBe("");
    expect(existsSync(file())).toBe(false);
    const promised = previewDropIn(place(), block).after;
    expect(writeDropIn(place(), block)).toBe("written");
    expect(readFileSync(file(), "utf8")).toBe(promised);
    const { mtimeMs } = statSync(file());
    expect(writeDropIn(place(), block)).toBe("unchanged");
    expect(statSync(file()).mtimeMs).toBe(mtimeMs);
    expect(undoDropIn(place())).toBe("removed");
    expect(readdirSync(join(folder, "etc/systemd/system"))).toEqual([]);
    expect(undoDropIn(place())).toBe("absent");
  });

  it("leaves a folder that was there, and files and lines of others", () => {
    mkdirSync(join(folder, "etc/systemd/system/bakery.service.d"), { recursive: true });
    writeDropIn(place(), block);
    expect(undoDropIn(place())).toBe("removed");
    expect(readdirSync(join(folder, "etc/systemd/system"))).toEqual(["bakery.service.d"]);
    writeFileSync(file(), "[Service]\nNice=5 \xff\n", "latin1");
    expect(undoDropIn(place())).toBe("absent");
    writeDropIn(place(), block);
    writeDropIn(place(), "[Service]\nLockPersonality=yes\n");
    expect(undoDropIn(place())).toBe("kept");
    expect(readFileSync(file(), "latin1")).toBe("[Service]\nNice=5 \xff\n");
  });

  it("writes inside the root where links lead out of it", () => {
    mkdirSync(join(folder, "usr/etc/systemd/system"), { recursive: true });
    symlinkSync("/usr/etc", join(folder, "etc"));
    writeDropIn(place(), block);
    expect(existsSync(join(folder, "usr/etc/systemd/system/bakery.service.d", dropInName))).toBe(true);
  });

  it("refuses a link in the file's or its folder's place", () => {
    mkdirSync(join(folder, "etc/systemd/system"), { recursive: true });
    symlinkSync("/nowhere", join(folder, "etc/systemd/system/bakery.service.d"));
    expect(codeOf(() => writeDropIn(place(), block))).toBe("write-into-link ");
    rmSync(join(folder, "etc/systemd/system/bakery.service.d"));
    mkdirSync(join(folder, "etc/systemd/system/bakery.service.d"));
    symlinkSync("/dev/null", file());
    expect(codeOf(() => writeDropIn(place(), block))).toBe("write-onto-link ");
    expect(codeOf(() => undoDropIn(place()))).toBe("write-onto-link ");
  });

  it("refuses a file whose markers were damaged by hand", () => {
    mkdirSync(join(folder, "etc/systemd/system/bakery.service.d"), { recursive: true });
    writeFileSync(file(), "# BEGIN tightunit\n[Service]\n");
    expect(codeOf(() => writeDropIn(place(), block))).toMatch(/^drop-in-broken/);
    expect(readFileSync(file(), "utf8")).toBe("# BEGIN tightunit\n[Service]\n");
  });
});
