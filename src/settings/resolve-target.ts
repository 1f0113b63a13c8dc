import { didYouMean } from "../rules/did-you-mean.ts";
import type { Scope } from "../rules/scope.ts";
import { hasSyscallTable, syscallArchitectures, systemdProfiles } from "../rules/systemd-facts.ts";
import type { Diagnostic } from "../unit/tree.ts";
import type { Target } from "./settings.ts";

export interface TargetRequest {
  /** As a person writes it: "257", "257.9", "v257", "257.9-1~deb13u1". */
  readonly version: string | number;
  readonly scope?: Scope;
  /** systemd's name of an architecture, or the kernel's (`uname -m`). */
  readonly arch?: string;
}

export type TargetResult =
  | { readonly kind: "target"; readonly target: Target; readonly note?: Diagnostic }
  | { readonly kind: "error"; readonly diagnostic: Diagnostic };

const oldest = 247;
const newest = systemdProfiles[systemdProfiles.length - 1] ?? oldest;

/** The kernel's and Debian's names → systemd's. */
const otherNames: Readonly<Record<string, string>> = {
  x86_64: "x86-64",
  amd64: "x86-64",
  x64: "x86-64",
  i386: "x86",
  i486: "x86",
  i586: "x86",
  i686: "x86",
  ia32: "x86",
  aarch64: "arm64",
  armv7l: "arm",
  armv6l: "arm",
  armhf: "arm",
  armel: "arm",
  ppc64le: "ppc64-le",
  ppc64el: "ppc64-le",
  mips64el: "mips64-le",
  mipsel: "mips-le",
  loong64: "loongarch64",
};

/**
 * The systemd to read units for, from what a user asked: the version's own rules where they are known exactly, else
 * those of the nearest lower version that is (252 for older ones), with a note that says so.
 */
export function resolveTarget({ version, scope = "system", arch = "x86-64" }: TargetRequest): TargetResult {
  const written = String(version).trim();
  const number = Number(/^v?([0-9]{1,4})(?:[.~+-][0-9A-Za-z.~+:-]*)?$/.exec(written)?.[1]);
  if (!(number >= oldest)) {
    const code = Number.isNaN(number) ? "version-malformed" : "version-too-old";
    return fail(code, { version: written, oldest: String(oldest), newest: String(newest) });
  }
  const profile = systemdProfiles.findLast(known => known <= number) ?? systemdProfiles[0];
  const name = (Object.hasOwn(otherNames, arch) ? otherNames[arch] : undefined) ?? arch;
  if (!hasSyscallTable(profile, name)) {
    const known = syscallArchitectures(profile);
    const meant = didYouMean(arch, known);
    const args = { arch, known: known.join(", "), ...(meant !== undefined && { meant }) };
    return fail(meant === undefined ? "arch-unknown" : "arch-unknown-meant", args);
  }
  const target: Target = { version: number, profile, scope, arch: name };
  if (profile === number) return { kind: "target", target };
  const code = number > newest ? "version-newer" : number < profile ? "version-older" : "version-between";
  const args = { version: String(number), profile: String(profile) };
  return { kind: "target", target, note: { code, severity: "note", args } };
}

function fail(code: string, args: Readonly<Record<string, string>>): TargetResult {
  return { kind: "error", diagnostic: { code, severity: "error", args } };
}
