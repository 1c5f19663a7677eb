/** Identifiers as words: `lpszCSDVersion` is lpsz, CSD, Version; `ENUM_LIST` is ENUM, LIST. */

export function splitWords(identifier: string): string[] {
  return identifier
    .split(/[^A-Za-z0-9]+/)
    .flatMap((part) => part.match(/[A-Z]+(?![a-z])[0-9]*|[A-Z]?[a-z]+[0-9]*|[A-Z]|[0-9]+/g) ?? []);
}

/** `openGroup`. */
export function toCamel(words: readonly string[]): string {
  return startingWithLetter(
    words.map((word, i) => (i === 0 ? word.toLowerCase() : capital(word))).join(""),
  );
}

/** `EnumList`. */
export function toPascal(words: readonly string[]): string {
  return startingWithLetter(words.map(capital).join(""));
}

/** `open-group`. */
export function toKebab(name: string): string {
  return splitWords(name)
    .map((word) => word.toLowerCase())
    .join("-");
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1).toLowerCase();
}

function startingWithLetter(name: string): string {
  return /^[A-Za-z]/.test(name) ? name : `n${name}`;
}
