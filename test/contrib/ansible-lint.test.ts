// The role is run for real in test/live/ansible.test.ts; here the linter looks at it.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const folder = join(dirname(fileURLToPath(import.meta.url)), "../../contrib/ansible");
const isMissing = spawnSync("ansible-lint", ["--version"]).error !== undefined;

describe("the Ansible role", () => {
  it.skipIf(isMissing)(
    `passes ansible-lint's strictest profile${isMissing ? " (skipped: ansible-lint is not installed)" : ""}`,
    () => {
      const { status, stdout, stderr } = spawnSync(
        "ansible-lint",
        ["--offline", "--nocolor", "--profile", "production"],
        { cwd: folder, encoding: "utf8" },
      );
      expect(`${stdout}${stderr}`).toContain("0 failure(s), 0 warning(s)");
      expect(status).toBe(0);
    },
    180_000,
  );

  it("documents every variable that has a default", () => {
    const defaults = readFileSync(join(folder, "roles/tightunit/defaults/main.yml"), "utf8");
    const specs = readFileSync(join(folder, "roles/tightunit/meta/argument_specs.yml"), "utf8");
    const readme = readFileSync(join(folder, "README.md"), "utf8");
    const variables = [...defaults.matchAll(/^(tightunit_\w+):/gm)].map(([, name = ""]) => name);
    expect(variables.length).toBeGreaterThan(10);
    for (const name of variables) {
      expect(readme).toContain(`\`${name}\``);
      expect(specs).toContain(`${name}:`);
    }
  });
});
