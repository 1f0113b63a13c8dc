// What the completion scripts get for the words typed so far. Nothing at all means: files, if anything.
import yargs, { type Argv } from "yargs";
import { hostTree } from "../host/directory-tree.ts";
import { listUnits } from "../host/list-units.ts";
import { type Environment, hostSearchPath } from "../host/search-path.ts";
import { indexUnits } from "../host/unit-index.ts";
import { builtInPackNames, loadBuiltInPack } from "../rules/built-in-packs.ts";
import { directiveNames } from "../rules/directives.ts";
import type { Scope } from "../rules/scope.ts";
import { systemdProfiles } from "../rules/systemd-facts.ts";
import { commandBuilders, type Operand } from "./command-builders.ts";
import { globalOptions } from "./command-options.ts";
import { shells } from "./completion-script.ts";

/** @param words the program's name, then what was typed; the last is what the cursor stands in. */
export async function complete(words: readonly string[], env: Environment): Promise<readonly string[]> {
  const current = words.at(-1) ?? "";
  const offered = await offers(words, current, env);
  return [...new Set(offered.filter(word => word.startsWith(current)))];
}

async function offers(
  words: readonly string[],
  current: string,
  env: Environment,
): Promise<readonly string[]> {
  const [, name = ""] = words;
  if (words.length <= 2)
    return [...commandBuilders.keys(), "completion", "--help", "--version"].filter(hasDashAs(current));
  if (name === "completion") return words.length === 3 ? shells : [];
  const command = commandBuilders.get(name);
  if (command === undefined) return [];
  const typed = words.slice(2, -1);
  // What follows `--` are no options.
  const isOver = typed.includes("--");
  const parser = (): Argv => command.build(globalOptions(yargs([])));
  const [, option = "", start] = /^(--[a-z-]+)=(.*)$/s.exec(current) ?? [];
  if (!isOver && start !== undefined) {
    const values = await valuesOf(option, start, parser);
    return values.map(value => `${option}=${value}`);
  }
  const previous = typed.at(-1) ?? "";
  if (!isOver && previous.startsWith("-")) {
    const values = await valuesOf(previous, current, parser);
    if (values.length > 0 || takesValue(previous, parser)) return values;
  }
  if (!isOver && current.startsWith("-")) return optionsOf(parser, typed);
  return operands(command.operand, words, env);
}

/** A dash asks for options, anything else for what is none. */
function hasDashAs(current: string): (word: string) => boolean {
  return word => word.startsWith("-") === current.startsWith("-");
}

async function optionsOf(parser: () => Argv, typed: readonly string[]): Promise<readonly string[]> {
  const names: readonly string[] = await parser().completion().getCompletion(["-"]);
  return names.filter(word => /^--[a-z]/.test(word) && (!typed.includes(word) || MANY.includes(word)));
}

/** What may be given several times. */
const MANY: readonly string[] = ["--trace", "--group", "--report"];

/** yargs says of an option whether it takes a value by refusing it without one. */
function takesValue(option: string, parser: () => Argv): boolean {
  let isRefused = false;
  parser()
    .exitProcess(false)
    .fail(() => {
      isRefused = true;
    })
    .parse([option]);
  return isRefused;
}

const ARCHITECTURES = [
  "x86-64",
  "x86",
  "arm64",
  "arm",
  "riscv64",
  "s390x",
  "ppc64-le",
  "loongarch64",
  "mips-le",
];
const [OLDEST, NEWEST] = [247, Math.max(...systemdProfiles)];

/** @param start what was typed of the value. */
async function valuesOf(option: string, start: string, parser: () => Argv): Promise<readonly string[]> {
  switch (option) {
    case "--systemd":
      return Array.from({ length: NEWEST - OLDEST + 1 }, (_, index) => String(NEWEST - index));
    case "--arch":
      return ARCHITECTURES;
    case "--pack":
      return builtInPackNames();
    case "--only":
    case "--except": {
      // A list: what stands before the last comma stays.
      const before = start.slice(0, start.lastIndexOf(",") + 1);
      const named = before.split(",");
      return directiveNames()
        .filter(each => !named.includes(each))
        .map(each => `${before}${each}`);
    }
    default: {
      const choices: readonly string[] = await parser().completion().getCompletion([option, ""]);
      return choices.filter(word => !word.startsWith("-") && word !== "completion");
    }
  }
}

function operands(operand: Operand, words: readonly string[], env: Environment): readonly string[] {
  if (operand === "none" || operand === "files") return [];
  const scope = words.includes("--user") ? "user" : "system";
  const units = unitNames(scope, hostSearchPath(scope, env));
  if (operand === "units") return units;
  const checks = (loadBuiltInPack("systemd-security").checks ?? []).map(check => check.id);
  return [...directiveNames(), ...checks, ...units];
}

function unitNames(scope: Scope, searchPath: readonly string[]): readonly string[] {
  const index = indexUnits({ tree: hostTree(), scope, extraDirectories: [], searchPath });
  return listUnits(index, { types: ["service"] });
}
