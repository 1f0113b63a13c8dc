import type { ExplainFailureOptions } from "../options.ts";
import type { Terminal } from "../terminal.ts";

export async function explainFailure(_options: ExplainFailureOptions, terminal: Terminal): Promise<number> {
  await terminal.write("");
  return 0;
}
