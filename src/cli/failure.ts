/** What every command returns. */
export const EXIT = { fine: 0, findings: 1, usage: 2, nothing: 3 } as const;

/** Bad usage, configuration or input: one clear message, exit code 2, no stack trace. */
export class Failure extends Error {
  override readonly name = "Failure";
}
