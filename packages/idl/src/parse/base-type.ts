/** The words of a base type in any order, and the name they amount to. */
import type { BaseTypeName } from "../ast.ts";

const SIZED: Readonly<Record<string, string>> = {
  __int8: "small", __int16: "short", __int32: "long", __int64: "hyper", __wchar_t: "wchar_t",
}; // prettier-ignore

const PLAIN: ReadonlySet<string> = new Set<BaseTypeName>([
  "byte", "boolean", "wchar_t", "__int128", "float", "double", "void", "handle_t",
  "error_status_t", "ISO_LATIN_1", "ISO_MULTI_LINGUAL", "ISO_UCS",
]); // prettier-ignore
const SIGNED: ReadonlySet<string> = new Set([
  "small",
  "short",
  "long",
  "int",
  "hyper",
  "__int3264",
]);

/** `["long", "unsigned", "int"]` is `"unsigned long"`; null for words that make no type. */
export function baseTypeOf(words: readonly string[]): BaseTypeName | null {
  let main: string | null = null;
  let sign: string | null = null;
  let hasInt = false;
  for (const written of words) {
    const word = SIZED[written] ?? written;
    if (word === "signed" || word === "unsigned") {
      if (sign !== null) return null;
      sign = word;
    } else if (word === "int") {
      if (hasInt) return null;
      hasInt = true;
    } else if (main === null) {
      main = word;
    } else if (main === "long" && word === "long") {
      main = "hyper";
    } else if ((main === "long" && word === "double") || (main === "double" && word === "long")) {
      main = "double";
    } else {
      return null;
    }
  }
  if (hasInt && main !== null && !["small", "short", "long", "hyper"].includes(main)) return null;
  const name = main ?? "int";
  if (name === "char") return sign === null ? "char" : (`${sign} char` as BaseTypeName);
  if (SIGNED.has(name)) return (sign === "unsigned" ? `unsigned ${name}` : name) as BaseTypeName;
  return sign === null && PLAIN.has(name) ? (name as BaseTypeName) : null;
}

/** Whether `word` may follow `words` in one base type: after `long`, `wchar_t` is a name. */
export function continuesBaseType(words: readonly string[], word: string): boolean {
  if (words.length === 0 || word === "signed" || word === "unsigned") return true;
  return baseTypeOf([...words, word]) !== null;
}
