/** The harness from a shell: boot a daemon, look at it, probe it, harden it by a file. See `usage`. */
import { readFileSync } from "node:fs";
import { bench } from "./bench.ts";
import { type Daemon, unitsOf } from "./daemons/daemon.ts";
import { daemons } from "./daemons/index.ts";
import { attach, bootRoot } from "./harness/boot.ts";
import { readStates, removeBoot, sweepBoots } from "./harness/boot-state.ts";
import type { Suite } from "./harness/roots.ts";
import { bootDaemon, exposureOf, installDropIn, prepare, probe } from "./measure.ts";
import { traceDaemon } from "./trace-daemon.ts";
import { tryDaemon } from "./try-daemon.ts";

const usage = `live daemons                              names of all daemons with a probe
live boot DAEMON [SUITE]                  boots and prepares it; stays; prints id and merged root
live bare [SUITE] [PACKAGE…]              boots a root with packages; stays
live probe ID DAEMON                      restarts and probes it; exit 1 when broken
live dropin ID UNIT FILE|-                puts the file beside the unit as a drop-in ('-': standard input)
live exposure ID UNIT                     as the running systemd reports it
live exec ID COMMAND                      a shell command line inside
live stop ID|all                          ends boots
live bench [--suite S] [--daemon A,B] [--way X,Y] [--results FILE] [--table-only] [--no-table] [--no-profiles]
live hold [SUITE]                         boots a root that ends with this command
live list                                 boots that stay
live trace DAEMON [SUITE]                 boot, tightunit trace on its unit with its probe, stop; prints where the trace is kept
live try DAEMON [SUITE] [OPTION…]         boot, tightunit try on its units with its probe, stop; a JSON line each
live once DAEMON [SUITE] [DROPIN…]        boot, drop-in(s) for its unit(s) in order, probe, exposure, stop
SUITE: bookworm, trixie (default), sid`;

const suiteOf = (word: string | undefined): Suite => {
  if (word === undefined || word === "trixie") return "trixie";
  if (word === "bookworm" || word === "sid") return word;
  throw new Error(`no such suite: ${word}`);
};

const daemonOf = (name: string | undefined): Daemon => {
  const daemon = daemons.find(candidate => candidate.name === name);
  if (daemon === undefined)
    throw new Error(`no such daemon: ${name}; known: ${daemons.map(each => each.name).join(" ")}`);
  return daemon;
};

const bootOf = (id: string | undefined) => {
  const state = readStates().find(candidate => candidate.id === id);
  if (state === undefined) throw new Error(`no such boot: ${id}`);
  return attach(state);
};

const say = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

const tell = async (root: ReturnType<typeof attach>, daemon: Daemon): Promise<number> => {
  const outcome = await probe(root, daemon);
  const unit = unitsOf(daemon, root.suite)[0] ?? "";
  const exposure = await exposureOf(root, unit);
  say(
    JSON.stringify({
      daemon: daemon.name,
      unit,
      suite: root.suite,
      exposure: exposure === undefined ? null : exposure / 10,
      isWorking: outcome.isWorking,
      failedStep: outcome.failedStep,
      milliseconds: outcome.milliseconds,
    }),
  );
  if (outcome.detail !== undefined) say(outcome.detail);
  return outcome.isWorking ? 0 : 1;
};

/** Runs one command of the shell and gives its exit status. */
export const shell = async (args: readonly string[]): Promise<number> => {
  const [command, first, second, ...rest] = args;
  switch (command) {
    case "bench":
      return bench(args.slice(1));
    case "daemons":
      for (const daemon of daemons) say(`${daemon.name}\t${unitsOf(daemon, "trixie").join(" ")}`);
      return 0;
    case "boot": {
      const root = await bootDaemon(daemonOf(first), suiteOf(second), true);
      say(`${root.id}\t${root.rootPath}\t${root.pid}`);
      return 0;
    }
    case "bare": {
      const root = await bootRoot({
        suite: suiteOf(first),
        packages: second === undefined ? [] : [second, ...rest],
        isDetached: true,
      });
      say(`${root.id}\t${root.rootPath}\t${root.pid}`);
      return 0;
    }
    case "prepare":
      await prepare(bootOf(first), daemonOf(second));
      return 0;
    case "hold": {
      // Boots and owns it until ended from outside.
      const root = await bootRoot({ suite: suiteOf(first) });
      say(root.id);
      await root.run("sleep infinity", { timeoutMs: 3_600_000 });
      return 0;
    }
    case "probe":
      return tell(bootOf(first), daemonOf(second));
    case "dropin": {
      const root = bootOf(first);
      await installDropIn(root, second ?? "", readFileSync(rest[0] === "-" ? 0 : (rest[0] ?? ""), "utf8"));
      return (await root.systemctl("daemon-reload")).code;
    }
    case "exposure":
      say(String(((await exposureOf(bootOf(first), second ?? "")) ?? Number.NaN) / 10));
      return 0;
    case "exec": {
      const done = await bootOf(first).run([second, ...rest].join(" "), { timeoutMs: 3_600_000 });
      process.stdout.write(done.stdout);
      process.stderr.write(done.stderr);
      return done.code;
    }
    case "stop":
      for (const state of readStates())
        if (first === state.id || (first === "all" && state.owner === null)) removeBoot(state);
      return 0;
    case "list":
      sweepBoots();
      for (const state of readStates())
        say(
          `${state.id}\t${state.owner === null ? "stays" : `of ${state.owner.pid}`}\t${state.packages.join(" ")}`,
        );
      return 0;
    case "trace":
      say(await traceDaemon(daemonOf(first), suiteOf(second)));
      return 0;
    case "try": {
      let hasFailed = false;
      for (const [unit, outcome] of await tryDaemon(
        daemonOf(first),
        suiteOf(second),
        rest.join(" ") || undefined,
      )) {
        process.stderr.write(outcome.log);
        hasFailed ||= outcome.kind === "failed";
        say(JSON.stringify({ daemon: first, unit, ...outcome, log: undefined }));
      }
      return hasFailed ? 1 : 0;
    }
    case "once": {
      const daemon = daemonOf(first);
      const root = await bootDaemon(daemon, suiteOf(second));
      try {
        const units = unitsOf(daemon, root.suite);
        for (const [index, file] of rest.entries()) {
          const unit = units[Math.min(index, units.length - 1)];
          if (unit !== undefined) await installDropIn(root, unit, readFileSync(file, "utf8"));
        }
        return await tell(root, daemon);
      } finally {
        root.stop();
      }
    }
    default:
      say(usage);
      return command === undefined || command === "help" || command === "--help" ? 0 : 2;
  }
};
