// Whether the user of a service is another's too: RemoveIPC= takes away what either of them left.

import type { FileTree } from "../host/file-tree.ts";
import { whyShared } from "../rules/accounts.ts";
import { loadProfiles } from "../rules/profiles.ts";
import { runIdentity } from "../settings/run-identity.ts";
import type { Settings } from "../settings/settings.ts";
import { findAccount } from "./accounts.ts";
import { findProfile } from "./find-profile.ts";
import type { Evidence, Need } from "./need.ts";
import type { Program } from "./programs.ts";

/**
 * The objects that somebody else who runs as the service's user leaves behind: a daemon of root that changes to that user is not
 * counted by the manager, which removes its shared memory when this service ends. systemd.exec(5), RemoveIPC=.
 */
export function sharedUserNeeds(
  settings: Settings,
  programs: readonly Program[],
  unit: string,
  tree: FileTree,
): readonly Need[] {
  const { user } = runIdentity(settings);
  const account = user === undefined ? undefined : findAccount(user, tree);
  if (account === undefined || account.uid === 0) return [];
  const profiles = loadProfiles();
  const own = programs.map(program => findProfile(program, unit, profiles));
  const owner = profiles.find(each => each.accounts?.includes(account.name) && !own.includes(each));
  const reason = owner === undefined ? whyShared(account.uid) : `the user of others: ${owner.title}`;
  if (reason === undefined) return [];
  const detail = `${account.name}: ${reason}`;
  const evidence: Evidence = { by: "filesystem", file: "/etc/passwd", detail: detail.slice(0, 200) };
  return [{ kind: "ipc-leftovers", certainty: "inferred", evidence }];
}
