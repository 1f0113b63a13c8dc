/** What the arithmetic must know of a version of systemd and of an architecture, beyond the unit and the pack. */
export interface AssessFacts {
  /** The members of a system call set in systemd's order, nested sets as `@name`; `undefined` where there is none. */
  syscallSet(name: string): readonly string[] | undefined;
  /** Whether the architecture has the call, as libseccomp resolves it. */
  isNativeSyscall(name: string): boolean;
  /** The capability's number, 0…62; `undefined` where the name is unknown. */
  capabilityNumber(name: string): number | undefined;
}
