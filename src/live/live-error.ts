import type { Diagnostic } from "../unit/tree.ts";

/** Why a live command ends before its end, as data; everything it changed is put back on the way out. */
export class LiveError extends Error {
  override readonly name = "LiveError";
  readonly diagnostic: Diagnostic;
  /** `machine`: the unit or the machine did not do as it should; `usage`: this cannot be asked of this unit; `nothing`: there is no such unit. */
  readonly sort: "machine" | "usage" | "nothing";

  constructor(sort: LiveError["sort"], code: string, args: Readonly<Record<string, string>> = {}) {
    super(`${code}: ${Object.values(args).join(", ")}`);
    this.sort = sort;
    this.diagnostic = { code, severity: "error", args };
  }
}
