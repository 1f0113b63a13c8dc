import type { Level, ProposeOptions } from "../harden/proposal.ts";
import { didYouMean } from "../rules/did-you-mean.ts";
import { directiveNames } from "../rules/directives.ts";
import { parseExposure } from "./exposure.ts";
import { Failure } from "./failure.ts";
import type { FixOptions } from "./options.ts";

const LEVELS: readonly Level[] = ["safe", "balanced", "strict"];

/** What `fix` may propose. @throws {Failure} on a level, bar or directive that is none. */
export function proposeOptions(options: FixOptions): ProposeOptions {
  const level = LEVELS.find(each => each === (options.level ?? "balanced"));
  if (level === undefined) throw new Failure(`--level takes ${LEVELS.join(", ")}, not "${options.level}"`);
  return {
    level,
    ...(options.target === undefined ? {} : { target: parseExposure(options.target, "--target") }),
    ...(options.only === undefined ? {} : { only: directives(options.only, "--only") }),
    ...(options.except === undefined ? {} : { except: directives(options.except, "--except") }),
    ...(options.maxRisk === undefined ? {} : { maxRisk: parseRisk(options.maxRisk) }),
  };
}

function directives(text: string, option: string): readonly string[] {
  const known = directiveNames();
  return text.split(/[\s,]+/).flatMap(word => {
    const name = word.replace(/=$/, "");
    if (name === "" || known.includes(name)) return name === "" ? [] : [name];
    const meant = didYouMean(name, known);
    throw new Failure(
      `${option} knows no directive "${name}"${meant === undefined ? "" : `; did you mean ${meant}?`}`,
    );
  });
}

function parseRisk(text: string): number {
  if (!/^[0-4]$/.test(text)) throw new Failure(`--max-risk takes a number from 0 to 4, not "${text}"`);
  return Number(text);
}
