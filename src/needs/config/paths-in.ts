import { normalizePath } from "../../host/resolve-path.ts";

/**
 * The absolute paths among a setting's words. Daemons put signs and kinds before them (`-/var/log/x`, `daemon:/var/log/y`) and
 * lists between commas; a variable or pattern ends the path at the folder above it.
 */
export function pathsIn(values: readonly string[]): readonly string[] {
  return values
    .flatMap(word => word.split(/[,\s]+/))
    .flatMap(word => {
      const path = /^(?:[-+?|!=]{1,2}|[a-z]+:)?(\/[^\0]*)$/i.exec(word)?.[1];
      return path === undefined ? [] : (plainPath(path) ?? []);
    });
}

/** A path without what cannot be known of it; `undefined` where nothing is left, and for devices that everybody has. */
export function plainPath(text: string): string | undefined {
  const special = text.search(/[$%*?{[(\\]/);
  const known = special < 0 ? text : text.slice(0, text.lastIndexOf("/", special));
  let end = known.length;
  while (end > 0 && `;"')`.includes(known[end - 1] ?? "")) end--;
  const path = normalizePath(known.slice(0, end)).replace(/^\/var\/run(?=\/|$)/, "/run");
  return path === "/" || path.length > 1024 || /[\u0000-\u001f\u007f]/.test(path) ? undefined : path;
}
