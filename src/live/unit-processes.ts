// Who belongs to a unit, as /proc tells, whatever control group trees are mounted and where.

import { readdirSync, readFileSync } from "node:fs";

/** The numbers of the processes in a control group and below it, ascending; `controlGroup` as the manager names it. */
export function processesOf(controlGroup: string): readonly number[] {
  return readdirSync("/proc")
    .filter(name => /^[1-9]\d*$/.test(name))
    .filter(pid => isInGroup(read(`/proc/${pid}/cgroup`), controlGroup))
    .map(Number)
    .sort((a, b) => a - b);
}

/** The threads of a process, itself among them; none where it is gone. */
export function threadsOf(pid: number): readonly number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map(Number);
  } catch {
    return [];
  }
}

/** Who traces a process already; `undefined` where nobody does. */
export function tracerOf(pid: number): { readonly pid: number; readonly comm: string } | undefined {
  const tracer = Number(/^TracerPid:\s+(\d+)$/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0);
  return tracer === 0 ? undefined : { pid: tracer, comm: read(`/proc/${tracer}/comm`).trim() };
}

/** Whether the kernel forbids every tracer, root's too: Yama, `kernel.yama.ptrace_scope=3`. */
export function isTracingForbidden(): boolean {
  return read("/proc/sys/kernel/yama/ptrace_scope").trim() === "3";
}

/** `0::/system.slice/nginx.service`, and with the first version `1:name=systemd:/system.slice/nginx.service`. */
function isInGroup(text: string, controlGroup: string): boolean {
  return text
    .split("\n")
    .filter(line => line.startsWith("0::") || /^\d+:name=systemd:/.test(line))
    .map(line => line.slice(line.indexOf("/")))
    .some(group => group === controlGroup || group.startsWith(`${controlGroup}/`));
}

/** What is gone, or not ours to read, tells nothing. */
function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
