/** The machine's own apt sources → the lines from which a root of another suite is made. No mirror is named here. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

interface Source {
  readonly uri: string;
  readonly suites: readonly string[];
  readonly components: readonly string[];
  readonly signedBy: string | undefined;
}

/** One-line format, sources.list(5): `deb [option=value …] uri suite component…`. */
const parseOneLine = (text: string): readonly Source[] =>
  text.split("\n").flatMap(line => {
    const match = /^\s*deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s+(.+?)\s*(?:#.*)?$/.exec(line);
    if (match === null) return [];
    const [, options = "", uri = "", suite = "", components = ""] = match;
    const signedBy = /(?:^|\s)signed-by=(\S+)/i.exec(options)?.[1];
    return [{ uri, suites: [suite], components: components.split(/\s+/), signedBy }];
  });

/** deb822 format, sources.list(5): paragraphs of fields; a key may be embedded, which is of no use for another root. */
const parseDeb822 = (text: string): readonly Source[] =>
  text
    .split("\n")
    .filter(line => !line.startsWith("#"))
    .join("\n")
    .split(/\n\s*\n/)
    .flatMap(paragraph => {
      const field = (name: string): readonly string[] => {
        const match = new RegExp(`^${name}:([^\\n]*(?:\\n[ \\t][^\\n]*)*)`, "im").exec(paragraph);
        return (match?.[1] ?? "").split(/\s+/).filter(word => word !== "");
      };
      if (!field("Types").includes("deb") || field("Enabled")[0] === "no") return [];
      const signedBy = field("Signed-By")[0];
      return field("URIs").map(uri => ({
        uri,
        suites: field("Suites"),
        components: field("Components"),
        signedBy: signedBy?.startsWith("/") === true ? signedBy : undefined,
      }));
    });

const readSources = (): readonly Source[] => {
  const main = "/etc/apt/sources.list";
  const folder = "/etc/apt/sources.list.d";
  const found: Source[] = [];
  if (existsSync(main)) found.push(...parseOneLine(readFileSync(main, "utf8")));
  if (existsSync(folder))
    for (const name of readdirSync(folder).sort()) {
      if (name.endsWith(".list")) found.push(...parseOneLine(readFileSync(join(folder, name), "utf8")));
      if (name.endsWith(".sources")) found.push(...parseDeb822(readFileSync(join(folder, name), "utf8")));
    }
  return found;
};

/**
 * The mirror line of `suite`, taken from the source that gives this machine its own Debian.
 * `undefined` where the machine is no Debian or names no mirror: nothing can be built then.
 */
export const mirrorLine = (suite: string): string | undefined => {
  const codename = /^VERSION_CODENAME=(\S+)$/m.exec(readFileSync("/etc/os-release", "utf8"))?.[1];
  const own = readSources().find(
    source =>
      source.components.includes("main") &&
      source.suites.some(
        name => name === codename || name === "stable" || name === "sid" || name === "unstable",
      ),
  );
  if (own === undefined) return undefined;
  const keyring = own.signedBy ?? "/usr/share/keyrings/debian-archive-keyring.gpg";
  return `deb [signed-by=${keyring}] ${own.uri} ${suite} main`;
};
