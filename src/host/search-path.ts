import type { Scope } from "../rules/scope.ts";

/** The folders of one user on a live host; without them the user search path holds the shared folders only. */
export interface UserFolders {
  readonly home?: string;
  /** `$XDG_RUNTIME_DIR`. */
  readonly runtime?: string;
}

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
  const inHome = (folder: string) => (user.home === undefined ? [] : [`${user.home}/${folder}`]);
  const inRuntime = (folder: string) =>
    user.runtime === undefined ? [] : [`${user.runtime}/systemd/${folder}`];
  return [
    ...inHome(".config/systemd/user.control"),
    ...inRuntime("user.control"),
    ...inRuntime("transient"),
    ...inRuntime("generator.early"),
    ...inHome(".config/systemd/user"),
    "/etc/xdg/systemd/user",
    "/etc/systemd/user",
    ...inRuntime("user"),
    "/run/systemd/user",
    ...inRuntime("generator"),
    ...inHome(".local/share/systemd/user"),
    "/usr/local/share/systemd/user",
    "/usr/share/systemd/user",
    "/usr/local/lib/systemd/user",
    "/usr/lib/systemd/user",
    ...inRuntime("generator.late"),
  ];
}
