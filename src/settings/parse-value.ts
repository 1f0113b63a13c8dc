// From a rule's parser, a word of rules/systemd/settings.json, to the function that reads such values.
import type { SettingRule, ValueParser } from "../rules/systemd-rules.ts";
import { parseAddresses } from "./parse-addresses.ts";
import { parseCalendar } from "./parse-calendar.ts";
import { defaultCapabilities, parseCapabilities } from "./parse-capabilities.ts";
import { parseCommands } from "./parse-commands.ts";
import { parseDevices } from "./parse-devices.ts";
import { parseImagePolicy } from "./parse-image-policy.ts";
import { parseArchitectures, parseDelegate, parseFamilies, parseNamespaces } from "./parse-kernel-lists.ts";
import { parseExitStatuses, parseLines, parseList, parseText } from "./parse-lists.ts";
import { parseBusName, parseUser, parseUsers } from "./parse-names.ts";
import { parseDuration, parseDurations, parseInteger, parseMode } from "./parse-numbers.ts";
import {
  parseAbsolutePaths,
  parseLabel,
  parsePaths,
  parseRootPath,
  parseRuntimePath,
  parseWorkingDirectory,
} from "./parse-paths.ts";
import { parseNetlinkAddress, parseSocketAddress } from "./parse-socket-address.ts";
import { parseSyscalls } from "./parse-syscalls.ts";
import { parseBoolean, parseHostnameWords, parseWords } from "./parse-words.ts";
import type { SettingValue } from "./settings.ts";
import type { Outcome, ParseInput, Parser } from "./value-parser.ts";

const parsers: Readonly<Record<ValueParser, Parser>> = {
  boolean: parseBoolean,
  words: parseWords,
  "hostname-words": parseHostnameWords,
  mode: parseMode,
  integer: parseInteger,
  duration: parseDuration,
  durations: parseDurations,
  calendar: parseCalendar,
  "socket-address": parseSocketAddress,
  "netlink-address": parseNetlinkAddress,
  text: parseText,
  user: parseUser,
  users: parseUsers,
  "root-path": parseRootPath,
  "runtime-path": parseRuntimePath,
  "image-policy": parseImagePolicy,
  "working-directory": parseWorkingDirectory,
  label: parseLabel,
  commands: parseCommands,
  "bus-name": parseBusName,
  capabilities: parseCapabilities,
  namespaces: parseNamespaces,
  families: parseFamilies,
  architectures: parseArchitectures,
  syscalls: parseSyscalls,
  devices: parseDevices,
  addresses: parseAddresses,
  "absolute-paths": parseAbsolutePaths,
  delegate: parseDelegate,
  paths: parsePaths,
  list: parseList,
  lines: parseLines,
  "exit-statuses": parseExitStatuses,
};

export function parseValue(input: ParseInput): Outcome {
  return parsers[input.rule.parser](input);
}

/** The value that a unit starts with, `written` being what the rule gives as the default. */
export function defaultValue(
  rule: SettingRule,
  written: string | undefined,
  namespaces: readonly string[],
): SettingValue {
  switch (rule.parser) {
    case "boolean":
      return { kind: "boolean", value: written === "yes" };
    case "words":
    case "hostname-words":
      return { kind: "word", value: written ?? "" };
    case "mode":
      return { kind: "number", value: Number.parseInt(written ?? "0", 8) };
    case "integer":
    case "duration":
      return { kind: "number", value: Number(written ?? 0) };
    case "text":
    case "user":
    case "root-path":
    case "runtime-path":
    case "image-policy":
    case "working-directory":
    case "label":
    case "bus-name":
      return { kind: "text", value: written ?? "" };
    case "commands":
      return { kind: "commands", commands: [] };
    case "capabilities":
      return { kind: "capabilities", mask: defaultCapabilities(rule) };
    case "namespaces":
      return { kind: "namespaces", allowed: namespaces };
    case "families":
      return { kind: "families", mode: "deny", names: [] };
    case "syscalls":
      return { kind: "syscalls", mode: "deny", names: new Map() };
    case "devices":
      return { kind: "devices", rules: [] };
    case "addresses":
      return { kind: "addresses", prefixes: [] };
    case "delegate":
      return { kind: "delegate", on: false, controllers: [] };
    case "users":
    case "durations":
    case "calendar":
    case "socket-address":
    case "netlink-address":
    case "architectures":
    case "absolute-paths":
    case "paths":
    case "list":
    case "lines":
    case "exit-statuses":
      return { kind: "list", value: [] };
    default: {
      const never: never = rule.parser;
      return never;
    }
  }
}
