/** TypeScript names of what an overlay doesn't name itself. */
import type { NamingOverlay } from "../overlay/overlay.ts";
import { stripHungarian } from "./hungarian.ts";
import { splitWords, toCamel, toPascal } from "./words.ts";

/** `openGroup` of `ApiOpenGroup` with the prefix `Api`. */
export function operationName(name: string, naming: NamingOverlay): string {
  return toCamel(splitWords(withoutAffixes(name, naming.operationPrefixes, [])));
}

/** `EnumList` of `_ENUM_LIST`, which typedefs call `ENUM_LIST`. */
export function typeName(tag: string, aliases: readonly string[], naming: NamingOverlay): string {
  const plain = (aliases[0] ?? tag).replace(/^(?:_+|tag(?=[A-Z_]))/, "");
  return toPascal(splitWords(withoutAffixes(plain, naming.typePrefixes, naming.typeSuffixes)));
}

/** `groupName` of `lpszGroupName`. */
function memberName(name: string, naming: NamingOverlay): string {
  const renamed = own(naming.members, name);
  if (renamed !== undefined) return renamed;
  const stripped = naming.stripHungarian === false ? name : stripHungarian(name);
  return toCamel(splitWords(stripped === "" ? name : stripped));
}

/** Names of the members of one message or structure: where two would be equal, both keep their full name. */
export function memberNames(names: readonly string[], naming: NamingOverlay): Map<string, string> {
  const result = new Map(names.map((name) => [name, memberName(name, naming)]));
  const users = Map.groupBy(names, (name) => result.get(name)!);
  for (const [, same] of users) {
    if (same.length > 1) for (const name of same) result.set(name, toCamel(splitWords(name)));
  }
  const taken = new Set<string>();
  for (const name of names) {
    const wanted = result.get(name)!;
    let unique = wanted;
    for (let i = 2; taken.has(unique); i++) unique = `${wanted}${i}`;
    taken.add(unique);
    result.set(name, unique);
  }
  return result;
}

/** A property that the object has itself, so that no name of a prototype is taken for one. */
export function own<T>(
  record: Readonly<Record<string, T>> | undefined,
  key: string,
): T | undefined {
  return record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined;
}

function withoutAffixes(
  name: string,
  prefixes: readonly string[] = [],
  suffixes: readonly string[] = [],
): string {
  const prefix =
    prefixes.find((candidate) => name.startsWith(candidate) && name.length > candidate.length) ??
    "";
  const rest = name.slice(prefix.length);
  const suffix =
    suffixes.find((candidate) => rest.endsWith(candidate) && rest.length > candidate.length) ?? "";
  return rest.slice(0, rest.length - suffix.length);
}
