import type { FileTree } from "../host/file-tree.ts";

/** What follows from a thing that stays as it is: found out when it is asked for first, and known as long as the thing is. */
export function oncePer<K extends object, T>(find: (key: K) => T): (key: K) => T {
  const known = new WeakMap<K, { readonly found: T }>();
  return key => {
    const entry = known.get(key) ?? { found: find(key) };
    known.set(key, entry);
    return entry.found;
  };
}

/**
 * The same for what one path in a tree says: units share their programs, scripts and libraries.
 * @param find may be given rule data besides, which does not change while the program runs
 */
export function oncePerPath<T, R extends readonly unknown[]>(
  find: (path: string, tree: FileTree, ...rules: R) => T,
): (path: string, tree: FileTree, ...rules: R) => T {
  const knownOf = oncePer((_: FileTree) => new Map<string, { readonly found: T }>());
  return (path, tree, ...rules) => {
    const known = knownOf(tree);
    const entry = known.get(path) ?? { found: find(path, tree, ...rules) };
    known.set(path, entry);
    return entry.found;
  };
}
