import { describe, expect, it } from "vitest";
import { hardenText } from "../harden/harden-text.ts";

/** The header of a program without sections and segments: what `machine` and class it has. */
const elf = (machine: number, is64: boolean): string => {
  const header = Buffer.alloc(128);
  header.write("\x7fELF", "latin1");
  header[4] = is64 ? 2 : 1;
  header[5] = 1;
  header.writeUInt16LE(machine, 18);
  return header.toString("latin1");
};
const pc64 = elf(62, true);
const pc32 = elf(3, false);
const x32 = elf(62, false);
const line = "SystemCallArchitectures=native";

describe("a program of another format than the system's", () => {
  const unit = "[Service]\nExecStart=/opt/oven/bin/oven\n";
  const run = (program: string, files = {}) =>
    hardenText(unit, { files: { "/usr/bin/env": pc64, "/opt/oven/bin/oven": program, ...files } }).lines;

  it("keeps its system call table", () => {
    expect(run(pc64)).toContain(line);
    expect(run(pc32)).not.toContain(line);
    expect(run(x32)).not.toContain(line);
  });

  it("is found behind a script that names it relative to its own folder", () => {
    const script = { content: '#!/bin/sh\ncd "$(dirname "$0")"\nexec ./libexec/oven "$@"\n', mode: 0o755 };
    const files = { "/opt/oven/bin/oven": script, "/bin/sh": pc64, "/opt/oven/bin/libexec/oven": pc32 };
    expect(run("", files)).not.toContain(line);
    expect(run("", { ...files, "/opt/oven/bin/libexec/oven": pc64 })).toContain(line);
  });

  it("may be what a script starts by a variable, where a loader for it is installed", () => {
    const script = { content: '#!/bin/sh\nexec "$OVEN"\n', mode: 0o755 };
    const files = { "/opt/oven/bin/oven": script, "/bin/sh": pc64 };
    expect(run("", files)).toContain(line);
    expect(run("", { ...files, "/lib/ld-linux.so.2": pc32 })).not.toContain(line);
  });
});
