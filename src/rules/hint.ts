import { didYouMean } from "./did-you-mean.ts";

/** The end of a message about a word that is not known: what was likely meant, or nothing. */
export function hintFor(word: unknown, candidates: Iterable<unknown>): string {
  if (typeof word !== "string") return "";
  const meant = didYouMean(
    word,
    [...candidates].filter(candidate => typeof candidate === "string"),
  );
  return meant === undefined ? "" : ` Did you mean "${meant}"?`;
}
