import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemctl } from "../../src/live/systemctl.ts";

describe("what systemctl says when it refuses", () => {
  let folder = "";
  const path = process.env["PATH"] ?? "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "tightunit-"));
    process.env["PATH"] = `${folder}${delimiter}${path}`;
  });
  afterEach(() => {
    process.env["PATH"] = path;
    rmSync(folder, { recursive: true });
  });

  const saying = (script: string): void => {
    const file = join(folder, "systemctl");
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
  };

  it("fits into a sentence: one line, without its last full stop", async () => {
    saying(
      "printf 'Job for oven.service failed.\\nSee \"systemctl status oven.service\" for details.\\n' >&2; exit 1",
    );
    expect(await systemctl().restart("oven.service")).toEqual({
      kind: "failed",
      because: "refused",
      reason: 'Job for oven.service failed. See "systemctl status oven.service" for details',
    });
  });

  it("is the status where it says nothing", async () => {
    saying("exit 4");
    expect(await systemctl().stop("oven.service")).toMatchObject({ reason: "status 4" });
  });
});
