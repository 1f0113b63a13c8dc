// A root of real Debian packages with their programs and libraries, for measuring what needs programs to look at: unpacked,
// never installed, nothing of it runs. Kept in the cache folder between runs.
import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const LIST = join(dirname(fileURLToPath(import.meta.url)), "bench-packages.txt");
/** In bytes, of a package; a few giants would be most of the download. */
const LARGEST = 4_000_000;

/**
 * @param names packages, by default those of bench-packages.txt; with the libraries that they depend on.
 * @returns `{folder}`, or `{reason}` why there is none
 */
export function benchRoot(names = readFileSync(LIST, "utf8").trim().split("\n")) {
  const id = createHash("sha256").update(names.join("\n")).digest("hex").slice(0, 12);
  const folder = join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "tightunit-bench", id);
  if (existsSync(folder)) return { folder };
  for (const program of ["apt-cache", "apt-get", "dpkg-deb"])
    if (spawnSync(program, ["--version"], { stdio: "ignore" }).error !== undefined)
      return { reason: `there is no ${program} on this machine` };
  const work = mkdtempSync(join(tmpdir(), "tightunit-packages-"));
  try {
    const wanted = withLibraries(names);
    const got = spawnSync("apt-get", ["download", ...wanted], { cwd: work, stdio: "ignore" });
    const packages = readdirSync(work).filter(name => name.endsWith(".deb"));
    if (got.status !== 0 && packages.length < names.length / 2)
      return { reason: "no Debian mirror is reachable, or its packages are others" };
    const made = `${folder}.${process.pid}`;
    mkdirSync(join(made, "usr"), { recursive: true });
    for (const name of ["bin", "sbin", "lib", "lib64"]) {
      mkdirSync(join(made, "usr", name));
      symlinkSync(join("usr", name), join(made, name));
    }
    // Not `dpkg-deb -x`: it would put folders in the place of the links.
    const unpack =
      'dpkg-deb --fsys-tarfile "$1" | tar -x --keep-directory-symlink --no-same-owner -f - -C "$2"';
    for (const name of packages.sort())
      execFileSync("sh", ["-c", unpack, "sh", join(work, name), made], { stdio: "ignore" });
    renameSync(made, folder);
    return { folder };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function withLibraries(names) {
  const all = new Set();
  for (let next = names; next.length > 0; ) {
    const described = describe(next).filter(each => each.size <= LARGEST);
    for (const { name } of described) all.add(name);
    const needed = described.flatMap(each => each.depends);
    next = [...new Set(needed)].filter(name => /^lib[a-z0-9]/.test(name) && !all.has(name));
    // What is too large or unknown would be asked for again and again.
    if (described.length === 0) break;
  }
  return [...all];
}

function describe(names) {
  const { stdout } = spawnSync("apt-cache", ["show", "--no-all-versions", ...names], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
    stdio: ["ignore", "pipe", "ignore"],
  });
  return stdout.split("\n\n").flatMap(text => {
    const field = key => new RegExp(`^${key}: (.*)$`, "m").exec(text)?.[1];
    const name = field("Package");
    const depends = `${field("Depends") ?? ""},${field("Pre-Depends") ?? ""}`;
    const first = depends.split(",").map(each => each.trim().split(/[ :(|]/)[0] ?? "");
    return name === undefined ? [] : [{ name, size: Number(field("Size")), depends: first }];
  });
}
