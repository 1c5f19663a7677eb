/** Bytes as people paste them: hex digits with whatever dumps put around them. */
import { UsageError } from "./usage-error.ts";

/**
 * Reads hex text: pairs of digits, with or without white space, commas, `0x` and `:` between them. A leading
 * offset column (`0010: ` or `00000010  `) and a trailing column of characters (`|..|`) are left out.
 *
 * @throws UsageError where something else stands there
 */
export function parseHex(text: string, name: string): Uint8Array {
  const digits = text
    .split("\n")
    .map((line) =>
      line.replace(/^\s*[0-9a-fA-F]{4,8}(?::\s|\s{2,})/, "").replace(/\|.*\|?\s*$/, ""),
    )
    .join(" ")
    .replace(/0x|[\s,:]/gi, "");
  const stray = /[^0-9a-fA-F]/.exec(digits);
  if (stray !== null) throw new UsageError(`${name} is not hex: it has "${stray[0]}"`);
  if (digits.length % 2 !== 0) throw new UsageError(`${name} has an odd number of hex digits`);
  return Uint8Array.from({ length: digits.length / 2 }, (_, i) =>
    Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16),
  );
}
