/** Sizes that a request asks its answer to have. */
import { NdrError } from "./error.ts";

/** 16 MiB: more than any answer has, little enough to be allocated for a call that may be hostile. */
export const maxAskedSize: number = 2 ** 24;

/**
 * The size of an array in an answer that is only a status, where the request states it: `count` itself.
 *
 * @throws NdrError `count_too_large` above `maxAskedSize`, or for what is no count
 */
export function askedSize(count: number): number {
  if (count >= 0 && count <= maxAskedSize) return count;
  const problem = `the answer is asked to have ${count} elements, ${maxAskedSize} are the most`;
  throw new NdrError({
    code: "count_too_large",
    problem,
    operation: "",
    path: "",
    offset: 0,
    expected: maxAskedSize,
    found: count,
  });
}
