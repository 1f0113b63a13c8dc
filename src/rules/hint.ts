import { didYouMean } from "./did-you-mean.ts";

/**
 * What was likely meant by a word that is not known, as an argument of a diagnostic, or nothing: messages say it in a part
 * that is left out without it, `{?meant: Did you mean "{meant}"?}`.
 */
export function hintFor(word: unknown, candidates: Iterable<unknown>): { readonly meant?: string } {
  if (typeof word !== "string") return {};
  const texts = [...candidates].filter(candidate => typeof candidate === "string");
  const meant = didYouMean(word, texts);
  return meant === undefined ? {} : { meant };
}
