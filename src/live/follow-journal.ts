// The journal as it is written: entries of a unit, of systemd about it, and the kernel's, from a time on.

import { spawn } from "node:child_process";
import { readLines } from "./strace.ts";

export interface FollowOptions {
  readonly unit: string;
  /** Entries from then on, in whole seconds since 1970. */
  readonly since: number;
  /** One entry, as a line of `journalctl -o json`. */
  readonly onLine: (line: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Follows until the signal.
 * @returns what journalctl said where it ended by itself: there is no journal, or it may not be read
 */
export function followJournal({ unit, since, onLine, signal }: FollowOptions): Promise<string | undefined> {
  const about = [`_SYSTEMD_UNIT=${unit}`, "+", "_PID=1", `UNIT=${unit}`];
  const kernel = ["_TRANSPORT=kernel", "_TRANSPORT=audit"].flatMap(match => ["+", match]);
  const child = spawn(
    "journalctl",
    [
      "--quiet",
      "--no-pager",
      "--follow",
      "--lines=all",
      `--since=@${since}`,
      "--output=json",
      ...about,
      ...kernel,
    ],
    { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, LC_ALL: "C" } },
  );
  let words = "";
  child.stderr.setEncoding("utf8");
  child.stderr.on("data", (text: string) => {
    if (words.length < 4096) words += text;
  });
  readLines(child.stdout, onLine);
  const end = (): void => {
    child.kill("SIGTERM");
  };
  signal.addEventListener("abort", end, { once: true });
  if (signal.aborted) end();
  return new Promise(resolve => {
    const settle = (reason: string): void => {
      signal.removeEventListener("abort", end);
      resolve(signal.aborted ? undefined : reason);
    };
    child.on("error", error => settle(error.message));
    child.on("close", code => settle(words.trim() || `journalctl ended with status ${code}`));
  });
}
