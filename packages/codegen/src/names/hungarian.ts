/** Hungarian prefixes of C declarations: `lpszGroupName` is a pointer to a terminated string. */

/** Pointers first, then what is pointed at; an upper-case letter ends the prefix. */
const prefix =
  /^(?:lp+|p+|rg)?(?:c?w?sz|cwstr|wstr|dw|qw|cb|cch|c|n|w|b|f|h|l|ul|us|uc|u|ft|v|by|ch|ac|str)?(?=[A-Z])/;

const countEndings: readonly (readonly [RegExp, string])[] = [
  [/cb$/, "Size"],
  [/cch$/, "Length"],
  [/^(?:lp+|p+)?c$/, "Count"],
];

const saysCount = /(?:Size|Len|Length|Count|Bytes|Number)$/;

/**
 * `GroupName` of `lpszGroupName`. A prefix that says "count of" leaves a word behind, so that `cbData`
 * is a `DataSize`, `cchName` a `NameLength` and `cValues` a `ValueCount`.
 */
export function stripHungarian(name: string): string {
  const found = prefix.exec(name)?.[0] ?? "";
  const rest = name.slice(found.length);
  const ending = countEndings.find(([pattern]) => pattern.test(found))?.[1];
  if (ending === undefined || saysCount.test(rest)) return rest;
  return (ending === "Count" ? rest.replace(/s$/, "") : rest) + ending;
}
