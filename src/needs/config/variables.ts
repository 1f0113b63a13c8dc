import type { FileTree } from "../../host/file-tree.ts";
import { MAX_VALUE } from "./config-entry.ts";
import { configText } from "./config-text.ts";
import { readShell } from "./read-lines.ts";

/** Names and values that configuration files and command lines are completed with. */
export interface Variables {
  /** Replaces `$NAME` and `${NAME}` where the name is known; the others stay. */
  readonly replace: (text: string) => string;
  /** The known values, as written. */
  readonly values: readonly string[];
}

/** The assignments of shell files such as Debian's /etc/apache2/envvars, of which nothing is run. A later one replaces an earlier. */
export function readVariables(
  files: readonly string[],
  tree: FileTree | undefined,
  given: Readonly<Record<string, string>> = {},
): Variables {
  const known = new Map(Object.entries(given));
  for (const file of files) {
    const content = tree === undefined ? undefined : configText(file, tree);
    if (typeof content !== "object") continue;
    for (const { key, values } of readShell(content.text)) known.set(key, values.join(" "));
  }
  if (known.size === 0) return { replace: text => text, values: [] };
  const once = (text: string) =>
    text
      .replace(/\$(?:\{(\w+)\}|(\w+))/g, (whole, braced?: string, bare?: string) =>
        (known.get(braced ?? bare ?? "") ?? whole).slice(0, MAX_VALUE),
      )
      // A value that doubles itself ends here.
      .slice(0, MAX_VALUE);
  // Values of values: /var/log/apache2$SUFFIX.
  return {
    replace: text => (text.includes("$") ? once(once(once(text))) : text),
    values: [...known.values()],
  };
}
