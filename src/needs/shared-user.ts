// Whether the user of a service is another's too: RemoveIPC= takes away what either of them left.

import type { FileTree } from "../host/file-tree.ts";
import { loadProfiles } from "../rules/profiles.ts";
import { runIdentity } from "../settings/run-identity.ts";
import type { Settings } from "../settings/settings.ts";
import { findAccount } from "./accounts.ts";
import { findProfile } from "./find-profile.ts";
import type { Evidence, Need } from "./need.ts";
import type { Program } from "./programs.ts";

/** Users that distributions give a number once and for all (Debian Policy, 9.2.2) belong to no service, and nor does nobody. */
const STATIC_BELOW = 100;
const NOBODY = 65534;

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
  if (account.uid >= STATIC_BELOW && account.uid !== NOBODY && owner === undefined) return [];
  const detail =
    owner === undefined
      ? `${account.name} is a user that many services share`
      : `${account.name} is the user of others: ${owner.title}`;
  const evidence: Evidence = { by: "filesystem", file: "/etc/passwd", detail: detail.slice(0, 200) };
  return [{ kind: "ipc-leftovers", certainty: "inferred", evidence }];
}
