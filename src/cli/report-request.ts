// --report FORMAT=FILE, as often as wanted, and --format for the output: what is to be written where.
import { resolve } from "node:path";
import { didYouMean } from "../rules/did-you-mean.ts";
import { Failure } from "./failure.ts";

export interface ReportFile<F> {
  readonly format: F;
  /** Absolute. */
  readonly path: string;
  /** Whether what the format gives is printed: a PDF is the page as a browser prints it. */
  readonly isPdf: boolean;
}

export interface ReportRequest<F> {
  /** What the output gets, and nothing else: the format `text` where nothing was asked for. */
  readonly output: F;
  /** Whether `--report` asked for the output, so that a person's text has to go elsewhere. */
  readonly isReport: boolean;
  readonly files: readonly ReportFile<F>[];
}

/**
 * @param typed the values of `--report`, and of `--format` where it was typed.
 * @param formats every format there is; `text` is one.
 * @throws {Failure} on a name that is none, on two reports for one place.
 */
export function reportRequest<F extends { readonly name: string }>(
  typed: { readonly report?: readonly string[] | undefined; readonly format?: string | undefined },
  formats: readonly F[],
  cwd: string,
): ReportRequest<F> {
  const hasPage = formats.some(each => each.name === "html");
  const named = (name: string): F => {
    const format = formats.find(each => each.name === (name === "pdf" ? "html" : name));
    if (format !== undefined) return format;
    const names = [...formats.map(each => each.name), ...(hasPage ? ["pdf"] : [])];
    const meant = didYouMean(name, names);
    const hint = meant === undefined ? `there are ${names.join(", ")}` : `did you mean ${meant}?`;
    throw new Failure(`--report: there is no format "${name}"; ${hint}`);
  };
  const parts = (typed.report ?? []).map(word => {
    const at = word.indexOf("=");
    if (at < 1 || at === word.length - 1)
      throw new Failure(`--report takes FORMAT=FILE, such as sarif=out.sarif, not "${word}"`);
    const name = word.slice(0, at);
    return { format: named(name), file: word.slice(at + 1), isPdf: name === "pdf" };
  });
  const onOutput = parts.filter(each => each.file === "-");
  const [first] = onOutput;
  if (onOutput.length > 1 || (first !== undefined && typed.format !== undefined))
    throw new Failure("the output takes one report: give files to the others");
  if (first?.isPdf === true) throw new Failure("a PDF is no text: give it a file, such as pdf=report.pdf");
  const files = parts
    .filter(each => each.file !== "-")
    .map(({ format, file, isPdf }) => ({ format, path: resolve(cwd, file), isPdf }));
  const paths = files.map(each => each.path);
  const twice = paths.find((path, index) => paths.indexOf(path) !== index);
  if (twice !== undefined) throw new Failure(`two reports cannot be written to ${twice}`);
  const output = first?.format ?? named(typed.format ?? "text");
  return { output, isReport: first !== undefined, files };
}
