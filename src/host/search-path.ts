import type { Scope } from "../rules/scope.ts";

/** The folders of one user on a live host; without them the user search path holds the shared folders only. */
export interface UserFolders {
  /** `$XDG_CONFIG_HOME`, by default ~/.config. */
  readonly config?: string;
  /** `$XDG_DATA_HOME`, by default ~/.local/share. */
  readonly data?: string;
  /** `$XDG_RUNTIME_DIR`. */
  readonly runtime?: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

const systemFolders = [
  "/etc/systemd/system.control",
  "/run/systemd/system.control",
  "/run/systemd/transient",
  "/run/systemd/generator.early",
  "/etc/systemd/system",
  "/etc/systemd/system.attached",
  "/run/systemd/system",
  "/run/systemd/system.attached",
  "/run/systemd/generator",
  "/usr/local/lib/systemd/system",
  // Older builds of Debian look in /lib first; the index drops it where it is a link to /usr/lib.
  "/lib/systemd/system",
  "/usr/lib/systemd/system",
  "/run/systemd/generator.late",
];

/** Where systemd looks for units, highest priority first: systemd.unit(5), "Unit File Load Path". */
export function searchPath(scope: Scope, user: UserFolders = {}): readonly string[] {
  if (scope === "system") return systemFolders;
  const below = (base: string | undefined) => (folder: string) =>
    base === undefined ? [] : [`${base}/systemd/${folder}`];
  const inConfig = below(user.config);
  const inData = below(user.data);
  const inRuntime = below(user.runtime);
  return [
    ...inConfig("user.control"),
    ...inRuntime("user.control"),
    ...inRuntime("transient"),
    ...inRuntime("generator.early"),
    ...inConfig("user"),
    "/etc/xdg/systemd/user",
    "/etc/systemd/user",
    ...inRuntime("user"),
    "/run/systemd/user",
    ...inRuntime("generator"),
    ...inData("user"),
    "/usr/local/share/systemd/user",
    "/usr/share/systemd/user",
    "/usr/local/lib/systemd/user",
    "/usr/lib/systemd/user",
    ...inRuntime("generator.late"),
  ];
}

/**
 * Where the manager of this machine looks, for who runs this program: `$SYSTEMD_UNIT_PATH` in place of the usual folders,
 * or before them where it ends in a colon (systemd.unit(5)), and the user's own folders.
 */
export function hostSearchPath(scope: Scope, env: Environment): readonly string[] {
  const { HOME: home, SYSTEMD_UNIT_PATH: asked } = env;
  const inHome = (folder: string) => (home === undefined ? undefined : `${home}/${folder}`);
  const config = env.XDG_CONFIG_HOME || inHome(".config");
  const data = env.XDG_DATA_HOME || inHome(".local/share");
  const runtime = env.XDG_RUNTIME_DIR;
  const usual = searchPath(scope, {
    ...(config !== undefined && { config }),
    ...(data !== undefined && { data }),
    ...(runtime && { runtime }),
  });
  if (asked === undefined) return usual;
  const folders = asked.split(":").filter(folder => folder.startsWith("/"));
  return asked.endsWith(":") ? [...folders, ...usual] : folders;
}
