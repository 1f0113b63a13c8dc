// The examples for Debian packages, run by make and sh with debhelper's and dpkg's answers given.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Done, environment, has, LOOSE, repository, run, TIGHT, whyNot } from "./run-in.ts";

const contrib = join(repository, "contrib/debian");
const home = mkdtempSync(join(tmpdir(), "tightunit-debian-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** A program of this name on the path that prints these lines. */
function answer(name: string, lines: readonly string[]): void {
  const path = join(home, "bin", name);
  write(path, `#!/bin/sh\nprintf '%s\\n' ${lines.map(line => `'${line}'`).join(" ")}\n`);
  chmodSync(path, 0o755);
}

describe.skipIf(whyNot("make") !== "")(`debian/rules${whyNot("make")}`, () => {
  const package_ = (unit: string): string => {
    const folder = mkdtempSync(join(home, "source-"));
    write(join(folder, "debian/tightunit.conf"), "[gate]\nmax-exposure = 9.0\n");
    write(join(folder, "debian/bakery/usr/lib/systemd/system/bakery.service"), unit);
    write(join(folder, "debian/bakery-doc/usr/share/doc/bakery/README"), "Bake.\n");
    return folder;
  };
  const build = (folder: string, options = ""): Done =>
    run("make", ["-f", join(contrib, "rules"), "execute_after_dh_installsystemd"], folder, {
      ...environment(home),
      DEB_BUILD_OPTIONS: options,
    });
  beforeAll(() => answer("dh_listpackages", ["bakery", "bakery-doc"]));

  it("builds with a tight unit, and beside a package without units", () => {
    expect(build(package_(TIGHT))).toMatchObject({ code: 0 });
  });

  it("fails with a loose one, whatever the last package is, and not where nothing is to be checked", () => {
    const folder = package_(LOOSE);
    expect(build(folder).code).not.toBe(0);
    expect(build(folder).stdout).toContain("above the 9.0");
    expect(build(folder, "nocheck parallel=2").code).toBe(0);
  });

  it("counts the package's drop-ins", () => {
    const folder = package_(TIGHT);
    const open = "[Service]\nPrivateNetwork=no\nProtectSystem=no\nNoNewPrivileges=no\nUser=root\n";
    write(join(folder, "debian/bakery/usr/lib/systemd/system/bakery.service.d/open.conf"), open);
    expect(build(folder).code).not.toBe(0);
  });
});

describe.skipIf(whyNot("make") !== "")(`the autopkgtest${whyNot("make")}`, () => {
  const test = (unit: string | undefined): Done => {
    const folder = mkdtempSync(join(home, "tested-"));
    write(join(folder, "debian/tightunit.conf"), "[gate]\nmax-exposure = 9.0\n");
    write(join(folder, "debian/control"), "Source: bread\n\nPackage: bakery\nArchitecture: any\n");
    if (unit !== undefined) write(join(folder, "units/bakery.service"), unit);
    answer(
      "dpkg-query",
      unit === undefined ? ["/usr/bin/bake"] : ["/usr/bin/bake", "/usr/lib/systemd/system/bakery.service"],
    );
    mkdirSync(join(folder, "artifacts"));
    return run("sh", [join(contrib, "tests/hardening")], folder, {
      ...environment(home),
      SYSTEMD_UNIT_PATH: join(folder, "units"),
      AUTOPKGTEST_ARTIFACTS: join(folder, "artifacts"),
    });
  };

  it("judges the units of the package as the system loads them", () => {
    expect(test(TIGHT)).toMatchObject({ code: 0 });
    expect(test(LOOSE)).toMatchObject({ code: 1 });
    expect(test(undefined)).toMatchObject({ code: 0, stdout: "the package has no services\n" });
  });

  it.skipIf(!has("shellcheck"))(
    `is a script that shellcheck finds nothing wrong with${has("shellcheck") ? "" : " (skipped: shellcheck is not installed)"}`,
    () => {
      expect(run("shellcheck", [join(contrib, "tests/hardening")], repository, process.env)).toMatchObject({
        code: 0,
        stdout: "",
      });
    },
  );
});
