// All that the configuration of one program says: its needs, the users it becomes, and the answers to its profile's conditions.

import type { FileTree } from "../../host/file-tree.ts";
import type { Condition, Profile } from "../../rules/profiles.ts";
import { environmentOf, runIdentity, workingDirectory } from "../../settings/run-identity.ts";
import type { Settings } from "../../settings/settings.ts";
import { findAccount } from "../accounts.ts";
import type { Need } from "../need.ts";
import type { Program } from "../programs.ts";
import { judgeConditions, type Truth } from "./conditions.ts";
import { configNeeds } from "./config-needs.ts";
import { readConfig } from "./read-config.ts";
import { readVariables, type Variables } from "./variables.ts";

export interface ProgramConfig {
  readonly needs: readonly Need[];
  /** Users that the program becomes: those of its configuration, or of its profile where that names none. */
  readonly users: readonly string[];
  readonly judge: (conditions: readonly Condition[]) => Truth;
}

/**
 * Reads the configuration of a program that has a profile.
 * @param expand replaces the unit's specifiers
 * @param isRoot whether the service starts as root
 */
export function programConfig(
  profile: Profile,
  program: Program,
  settings: Settings,
  expand: (text: string) => string,
  isRoot: boolean,
  tree: FileTree | undefined,
): ProgramConfig {
  const variables = unitVariables(settings, tree);
  // A variable may hold several arguments: systemd.service(5), command lines.
  const args = program.args.flatMap(arg => variables.replace(expand(arg)).split(/\s+/));
  const reading = tree === undefined ? undefined : readConfig(profile.config ?? [], args, tree);
  const isAtHome = livesAtHome([program.path, ...args], settings, isRoot, tree);
  const context = {
    tree,
    reading,
    args,
    argsEvidence: program.evidence,
    isRoot,
    program: program.name,
    isAtHome,
  };
  const judge = (conditions: readonly Condition[]) => judgeConditions(conditions, context);
  const found = reading === undefined ? { needs: [], users: [] } : configNeeds(reading, isRoot, judge);
  return {
    needs: found.needs,
    users: found.users.length > 0 ? found.users : (profile.accounts ?? []),
    judge,
  };
}

/** Whether a service lives below /home or /root; `undefined` where its user's home is not known. */
function livesAtHome(
  words: readonly string[],
  settings: Settings,
  isRoot: boolean,
  tree: FileTree | undefined,
): boolean | undefined {
  const isHome = (path: string) => /(?:^|=)\/(?:home|root)(?:\/|$)|^~/.test(path);
  const folder = workingDirectory(settings);
  if ([...words, ...(folder === undefined ? [] : [folder])].some(isHome)) return true;
  const { user, isDynamic } = runIdentity(settings);
  // A service of root may use its home or not; systemd.exec(5) sets HOME= for other users only.
  const account = user === undefined || tree === undefined || isRoot ? undefined : findAccount(user, tree);
  if (account !== undefined) return isHome(account.home);
  return isDynamic ? false : undefined;
}

/** What Environment= and the files of EnvironmentFile= set, for the command lines of the unit. */
export function unitVariables(settings: Settings, tree: FileTree | undefined): Variables {
  const { variables, files } = environmentOf(settings);
  return readVariables(files, tree, Object.fromEntries(variables));
}
