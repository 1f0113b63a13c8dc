// Options that were not typed take the configuration's value; what was typed always counts.
import { relative, resolve } from "node:path";
import { diagnosticLine, speaker } from "../report/messages.ts";
import { loadMessages } from "../rules/messages.ts";
import { type Config, loadConfig } from "./config.ts";
import { type Configured, configuredFrom } from "./configured.ts";
import { Failure } from "./failure.ts";
import type { Command, SourceOptions } from "./options.ts";
import type { Terminal } from "./terminal.ts";

/**
 * The command with the values of the nearest tightunit.conf, or of `--config`, where its options say nothing.
 * @throws {Failure} where the configuration is wrong; each line of it that is has been said before.
 */
export function withConfig(command: Command, terminal: Pick<Terminal, "cwd" | "warn">): Command {
  const { config, file, diagnostics } = loadConfig(terminal.cwd, command.options.config);
  if (diagnostics.length > 0) {
    const speak = speaker(loadMessages());
    for (const diagnostic of diagnostics) terminal.warn(`tightunit: ${diagnosticLine(diagnostic, speak)}`);
    throw new Failure(`the configuration ${file ?? ""} is not usable as it is`);
  }
  return file === undefined ? command : filled(command, configuredFrom(config, file), terminal.cwd);
}

function filled(command: Command, configured: Configured, cwd: string): Command {
  const { audit = {}, fix = {} } = configured.config;
  switch (command.name) {
    case "audit": {
      const { options } = command;
      // Where a report was typed for the output, the configured format is not what is wanted there.
      const isTaken = options.report?.some(each => each.endsWith("=-")) === true;
      const format = options.format ?? (isTaken ? undefined : audit.format);
      return { ...command, options: { ...options, ...sourceOf(options, audit), format } };
    }
    case "gate": {
      const { options } = command;
      const units = unitsOf(options, configured, cwd);
      return { ...command, options: { ...options, ...sourceOf(options, audit), ...units, configured } };
    }
    case "baseline": {
      const { options } = command;
      const units = unitsOf(options, configured, cwd);
      return { ...command, options: { ...options, ...sourceOf(options, audit), ...units, configured } };
    }
    case "compare": {
      const { options } = command;
      return { ...command, options: { ...options, ...sourceOf(options, audit) } };
    }
    case "init":
    case "lsp":
    case "merge":
      return command;
    case "fix": {
      const { options } = command;
      const chosen = {
        level: options.level ?? fix.level,
        target: options.target ?? fix.target,
        only: options.only ?? fix.only?.join(","),
        except: options.except ?? fix.except?.join(","),
        maxRisk: options.maxRisk ?? fix["max-risk"],
      };
      return { ...command, options: { ...options, ...sourceOf(options, audit), ...chosen } };
    }
    case "explain": {
      const { options } = command;
      return { ...command, options: { ...options, ...sourceOf(options, audit), configured } };
    }
    // These are about one unit, as it runs or ran: only where it is read may be configured.
    case "explain-failure": {
      const { options } = command;
      return { ...command, options: { ...options, ...sourceOf(options, audit) } };
    }
    case "try":
    case "apply":
    case "revert":
    case "recover":
    case "trace":
    case "watch":
      return command;
  }
}

function sourceOf(options: SourceOptions, audit: NonNullable<Config["audit"]>) {
  return {
    systemd: options.systemd ?? audit.systemd,
    root: options.root ?? audit.root,
    arch: options.arch ?? audit.arch,
    user: options.user ?? (audit.scope === undefined ? undefined : audit.scope === "user"),
  };
}

/** What is judged where nobody names anything: the configuration's files; a root has units of its own. */
function unitsOf(options: SourceOptions, { config, folder }: Configured, cwd: string) {
  const named = config.gate?.units ?? [];
  if (options.units.length > 0 || options.root !== undefined || named.length === 0) return {};
  return { units: named.map(path => relative(cwd, resolve(folder, path)) || "."), areConfigured: true };
}
