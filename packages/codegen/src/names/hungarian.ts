/** Hungarian prefixes of C declarations: `lpszGroupName` is a pointer to a terminated string. */

/** The name of a structure and its level, before each of its members: `shi502_netname`. */
const levelled = /^[a-z]{2,6}\d+_(?=[a-z])/;

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
 * is a `DataSize`, `cchName` a `NameLength` and `cValues` a `ValueCount`. `shi502_netname` is a `netname`.
 */
export function stripHungarian(name: string): string {
  const level = levelled.exec(name)?.[0];
  if (level !== undefined) return name.slice(level.length);
  const found = prefix.exec(name)?.[0] ?? "";
  const rest = name.slice(found.length);
  const ending = countEndings.find(([pattern]) => pattern.test(found))?.[1];
  if (ending === undefined || saysCount.test(rest)) return rest;
  return (ending === "Count" ? rest.replace(/s$/, "") : rest) + ending;
}
