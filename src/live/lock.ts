// One run at a time: two would restart each other's service and undo each other's files.
import { linkSync, mkdirSync, readFileSync, renameSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Where runs keep their lock and their state; empty after a boot, like the changes that they are about. */
export const runFolder = "/run/tightunit";

export type Lock =
  | { readonly kind: "taken"; readonly release: () => void }
  /** Another run is at work. */
  | { readonly kind: "held"; readonly pid: number }
  | { readonly kind: "failed"; readonly reason: string };

/**
 * Takes the lock in `folder`, which is made where it is missing. The lock of a process that is gone is taken over.
 * The file appears with its content at once (link(2) onto a free name), so that no reader sees half a lock.
 */
export function takeLock(folder: string = runFolder): Lock {
  const place = join(folder, "lock");
  const own = `${place}.${process.pid}`;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(own, holder(process.pid), { mode: 0o600 });
    for (let attempt = 0; attempt < 3; attempt++) {
      if (isLinked(own, place)) return { kind: "taken", release: () => release(place) };
      const pid = livingHolder(place);
      if (pid !== undefined) return { kind: "held", pid };
      // Only one of several can rename it away, and whoever does checks what it got.
      const aside = `${own}.stale`;
      if (!isRenamed(place, aside)) continue;
      const stolen = livingHolder(aside);
      if (stolen !== undefined) {
        isLinked(aside, place);
        unlinkSync(aside);
        return { kind: "held", pid: stolen };
      }
      unlinkSync(aside);
    }
    return { kind: "failed", reason: "EBUSY" };
  } catch (error) {
    return { kind: "failed", reason: codeOf(error) };
  } finally {
    remove(own);
  }
}

/** The process that holds the lock of `folder`, if one does. */
export function lockHolder(folder: string = runFolder): number | undefined {
  return livingHolder(join(folder, "lock"));
}

/** A process is named by its number and its start, since numbers come again. */
function holder(pid: number): string {
  return `${pid} ${startOf(pid) ?? ""}\n`;
}

function livingHolder(file: string): number | undefined {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
  const [pid = "", start] = text.trim().split(" ");
  const living = startOf(Number(pid));
  return living !== undefined && (start ?? living) === living ? Number(pid) : undefined;
}

/** proc_pid_stat(5): field 22, counted after the name, which may hold anything up to its last parenthesis. */
function startOf(pid: number): string | undefined {
  if (!Number.isInteger(pid) || pid < 1) return undefined;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

function release(place: string): void {
  if (livingHolder(place) === process.pid) remove(place);
}

function remove(file: string): void {
  try {
    unlinkSync(file);
  } catch (error) {
    if (!["ENOENT", "ENOTDIR"].includes(codeOf(error))) throw error;
  }
}

function isLinked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
    return false;
  }
}

function isRenamed(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
    return false;
  }
}

function codeOf(error: unknown): string {
  if (error instanceof Error && "code" in error) return String(error.code);
  throw error;
}
