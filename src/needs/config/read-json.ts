import { type ConfigEntry, MAX_DEPTH, MAX_ENTRIES, MAX_VALUE } from "./config-entry.ts";

/**
 * JSON, comments and trailing commas allowed as many daemons do. Keys are joined by dots, items of an array belong to its key.
 * What is broken ends the reading; what came before it is kept.
 */
export function readJson(text: string): readonly ConfigEntry[] {
  const entries: ConfigEntry[] = [];
  // Names from the outside in; an array has none of its own.
  const stack: { readonly key: string; readonly isArray: boolean }[] = [];
  let line = 1;
  let name: string | undefined;
  let key = "";
  const pattern =
    /\n|\s+|#[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|"(?:[^"\\]|\\[\s\S])*"|[{}[\],:]|[^\s{}[\],:"]+/gy;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const token = match[0];
    const at = line;
    for (let end = token.indexOf("\n"); end >= 0; end = token.indexOf("\n", end + 1)) line++;
    if (/^(?:\s|#|\/\/|\/\*)/.test(token)) continue;
    const outer = stack.at(-1);
    const path = () => {
      const inner = outer?.isArray ? undefined : key;
      return [outer?.key, inner].filter(part => part !== undefined && part !== "").join(".");
    };
    if (token === "{" || token === "[") {
      if (stack.length >= MAX_DEPTH) break;
      stack.push({ key: path(), isArray: token === "[" });
      key = "";
      name = undefined;
    } else if (token === "}" || token === "]") {
      stack.pop();
      name = undefined;
    } else if (token === ":") key = name ?? "";
    else if (token === ",") name = undefined;
    else {
      const value = token.startsWith('"') ? textOf(token) : token;
      const isName =
        outer?.isArray === false && /^\s*:/.test(text.slice(pattern.lastIndex, pattern.lastIndex + 100));
      if (isName) name = value.slice(0, 200);
      else entries.push({ key: path(), values: [value.slice(0, MAX_VALUE)], line: at });
    }
    if (entries.length >= MAX_ENTRIES) break;
  }
  return entries;
}

function textOf(token: string): string {
  try {
    const value: unknown = JSON.parse(token);
    return typeof value === "string" ? value : "";
  } catch (error) {
    if (error instanceof SyntaxError) return token.slice(1, -1);
    throw error;
  }
}
