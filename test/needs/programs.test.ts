// Which programs a unit runs, whatever stands before them.
import { describe, expect, it } from "vitest";
import { memoryTree } from "../../src/host/memory-tree.ts";
import { findPrograms } from "../../src/needs/programs.ts";
import { loadCommandTable } from "../../src/rules/evidence.ts";
import { settingsOfText } from "../settings/settings-of-text.ts";

function programs(
  command: string,
  version: 257 | 262 = 257,
  files: Parameters<typeof memoryTree>[0] = {},
): readonly string[] {
  const settings = settingsOfText(`[Service]\nExecStart=${command}\n`, { version });
  return findPrograms(settings, loadCommandTable(), memoryTree(files)).programs.map(({ path, args }) =>
    [path, ...args].join(" "),
  );
}

describe("the programs of a command line", () => {
  it("have all their arguments, with a name for show before them too", () => {
    expect(programs("/srv/oven --rye hot")).toEqual(["/srv/oven --rye hot"]);
    expect(programs("@/srv/oven mill --rye hot")).toEqual(["/srv/oven --rye hot"]);
    expect(programs("@/srv/oven mill")).toEqual(["/srv/oven"]);
  });

  it("are found where find and xargs run them, and where a function may", () => {
    expect(programs("/bin/sh -c 'find /srv -type f -exec btrfs filesystem defrag {} +'")).toContain(
      "btrfs filesystem defrag",
    );
    expect(programs("/bin/sh -c 'ls /srv | xargs -r -n 1 chown baker'")).toContain("chown baker");
    const script =
      '#!/bin/sh\n. /srv/lib\nkeep() { "$@"; }\nkeep fstrim /srv\nlend chown baker /srv\nkeep loaf\n';
    const found = programs("/srv/oven", 257, { "/srv/oven": { content: script, mode: 0o755 } });
    expect(found).toEqual(expect.arrayContaining(["fstrim /srv", "chown baker /srv"]));
    expect(found).not.toContain("loaf");
  });

  it("are found behind a shell, and behind the prefix that asks for one", () => {
    expect(programs("@/bin/sh mill -c '/srv/oven --rye'")).toContain("/srv/oven --rye");
    expect(programs("|/srv/oven --rye && /srv/mill", 262)).toEqual([
      "/bin/sh -c /srv/oven --rye && /srv/mill",
      "/srv/oven --rye",
      "/srv/mill",
    ]);
  });
});
