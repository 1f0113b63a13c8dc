import type { ForcedValue } from "../harden/proposal.ts";
import { didYouMean } from "../rules/did-you-mean.ts";
import { directiveNames, loadDirective } from "../rules/directives.ts";
import { Failure } from "./failure.ts";

/** `DIRECTIVE=VALUE` of --with. @throws {Failure} on a directive that is unknown, or a value that it cannot have. */
export function forcedValue(text: string): ForcedValue {
  const at = text.indexOf("=");
  if (at <= 0 || /[\x00-\x1f\x7f]/.test(text))
    throw new Failure(`--with takes DIRECTIVE=VALUE, not "${text}"`);
  const directive = text.slice(0, at).trim();
  const value = text.slice(at + 1).trim();
  const known = loadDirective(directive);
  if (known === undefined) {
    const meant = didYouMean(directive, directiveNames());
    throw new Failure(
      `--with knows no directive "${directive}"${meant === undefined ? "" : `; did you mean ${meant}?`}`,
    );
  }
  const values = known.values.map(each => each.value);
  if (known.kind === "ordered" && !values.includes(value))
    throw new Failure(`--with: ${directive}= takes ${values.join(", ")}, not "${value}"`);
  return { directive, value };
}
