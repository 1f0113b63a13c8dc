import type { FileTree } from "../host/file-tree.ts";
import { oncePerPath } from "./once-per.ts";

/** A user as the source's files know it. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  /** The primary group and every group that lists the user. */
  readonly gids: readonly number[];
  readonly home: string;
}

/** Looks a user up in the source's passwd(5) and group(5); `undefined` where they are missing or do not have it. */
export function findAccount(user: string, tree: FileTree): Account | undefined {
  const entry = fieldsOf("/etc/passwd", tree).find(fields => fields[0] === user || fields[2] === user);
  const [name, , uid, gid, , home] = entry ?? [];
  if (name === undefined || uid === undefined || gid === undefined) return undefined;
  const groups = fieldsOf("/etc/group", tree).filter(fields => fields[3]?.split(",").includes(name));
  return {
    name,
    uid: Number(uid),
    gids: [Number(gid), ...groups.map(fields => Number(fields[2]))],
    home: home ?? "/",
  };
}

/** A group's number, by name. */
export function findGroup(group: string, tree: FileTree): number | undefined {
  const entry = fieldsOf("/etc/group", tree).find(fields => fields[0] === group || fields[2] === group);
  return entry?.[2] === undefined ? undefined : Number(entry[2]);
}

const fieldsOf = oncePerPath((path, tree): readonly (readonly string[])[] => {
  const bytes = tree.readFile(path);
  if (bytes === undefined) return [];
  return new TextDecoder()
    .decode(bytes)
    .split("\n")
    .map(line => line.split(":"));
});
