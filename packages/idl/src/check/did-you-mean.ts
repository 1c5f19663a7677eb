/** Hints that name what was probably meant. */
import { nearest } from "../attributes/suggest.ts";
import type { Context } from "./context.ts";

/** A hint with the nearest candidate, if one is near. After many in one run there are no more. */
export function didYouMean(
  context: Context,
  name: string,
  candidates: Iterable<string>,
  show: (meant: string) => string = (meant) => `\`${meant}\``,
): { readonly hint?: string } {
  if (context.suggestions.left === 0) return {};
  context.suggestions.left--;
  const meant = nearest(name, candidates);
  return meant === null ? {} : { hint: `Did you mean ${show(meant)}?` };
}
