import type { InstalledSystemd } from "./installed-systemd.ts";

/** Node's names of architectures as systemd's (`ConditionArchitecture=` in systemd.unit(5)). */
const OF_NODE: Readonly<Record<string, string>> = {
  x64: "x86-64",
  ia32: "x86",
  arm64: "arm64",
  arm: "arm",
  riscv64: "riscv64",
  s390x: "s390x",
  ppc64: "ppc64-le",
  loong64: "loongarch64",
  mipsel: "mips-le",
};

/** The first part of a multiarch folder's name as systemd's. */
const OF_MULTIARCH: Readonly<Record<string, string>> = {
  x86_64: "x86-64",
  i386: "x86",
  aarch64: "arm64",
  arm: "arm",
  riscv64: "riscv64",
  s390x: "s390x",
  powerpc64le: "ppc64-le",
  loongarch64: "loongarch64",
  mips64el: "mips64-le",
};

/** systemd's name of the architecture that this process runs on; Node's own where systemd has none. */
export function hostArchitecture(): string {
  return OF_NODE[process.arch] ?? process.arch;
}

/** The architecture of a root, where the folder of its systemd tells. */
export function architectureOf(systemd: InstalledSystemd): string | undefined {
  const cpu = systemd.multiarch?.split("-")[0];
  return cpu === undefined || !Object.hasOwn(OF_MULTIARCH, cpu) ? undefined : OF_MULTIARCH[cpu];
}
