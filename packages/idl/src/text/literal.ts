/** The values of literals: numbers, strings, characters. */

const ESCAPES: Readonly<Record<string, string>> = {
  a: "\x07", b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v", 0: "\0",
}; // prettier-ignore

/** The text between the quotes of a literal with its escapes resolved, and whether `L` is before it. */
export function stringValue(literal: string): { readonly value: string; readonly wide: boolean } {
  const wide = literal.startsWith("L");
  const body = literal.slice(wide ? 2 : 1, -1);
  if (!body.includes("\\")) return { value: body, wide };
  const value = body.replace(
    /\\(?:x([0-9A-Fa-f]{1,4})|([0-7]{1,3})|([\s\S]))/g,
    (_whole, hex: string | undefined, octal: string | undefined, char: string | undefined) => {
      if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
      return ESCAPES[char ?? ""] ?? char ?? "";
    },
  );
  return { value, wide };
}

/** The value of a character literal: its code, several characters one byte each; null where it has none. */
export function characterValue(
  literal: string,
): { readonly value: number; readonly wide: boolean } | null {
  const { value, wide } = stringValue(literal);
  if (value.length === 0 || value.length > 4) return null;
  if (value.length === 1) return { value: value.charCodeAt(0), wide };
  let code = 0;
  for (const char of value) code = ((code << 8) | (char.charCodeAt(0) & 0xff)) >>> 0;
  return { value: code, wide };
}

/** Far above any literal; reading a longer one as an integer takes quadratic time. */
const MAX_NUMBER_LENGTH = 400;

export type NumberValue =
  | { readonly kind: "integer"; readonly value: bigint; readonly suffix: string }
  | { readonly kind: "float"; readonly value: number };

const INTEGER =
  /^(0[xX][0-9A-Fa-f]+|0[bB][01]+|\d+)([uU]?[lL]{0,2}|[lL]{1,2}[uU]|[uU]?[iI](?:8|16|32|64))$/;
const FLOAT = /^((?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)[fFlL]?$/;

/** The value of a number token; null where it is none. A leading 0 makes an integer octal. */
export function numberValue(text: string): NumberValue | null {
  if (text.length > MAX_NUMBER_LENGTH) return null;
  const integer = INTEGER.exec(text);
  if (integer !== null) {
    const [, digits = "", suffix = ""] = integer;
    const isOctal = /^0\d/.test(digits);
    if (isOctal && /[89]/.test(digits)) return null;
    const value = BigInt(isOctal ? `0o${digits.slice(1)}` : digits);
    return { kind: "integer", value, suffix: suffix.toLowerCase() };
  }
  const float = FLOAT.exec(text);
  return float === null ? null : { kind: "float", value: Number(float[1]) };
}
