/** UUIDs as text and as the four parts that they travel in (C706 appendix A). */

export interface UuidParts {
  readonly low: number;
  readonly middle: number;
  readonly high: number;
  /** Clock sequence and node, 8 bytes in the order of the text. */
  readonly rest: Uint8Array;
}

export function formatUuid({ low, middle, high, rest }: UuidParts): string {
  const tail = Array.from(rest, (byte) => hex(byte, 2)).join("");
  const parts = [hex(low, 8), hex(middle, 4), hex(high, 4), tail.slice(0, 4), tail.slice(4)];
  return parts.join("-");
}

/** Null for text that is no UUID. */
export function parseUuid(text: string): UuidParts | null {
  const groups = /^([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})$/i;
  const found = groups.exec(text);
  if (found === null) return null;
  const [, low = "", middle = "", high = "", clock = "", node = ""] = found;
  const pairs = `${clock}${node}`.match(/../g) ?? [];
  return {
    low: Number.parseInt(low, 16),
    middle: Number.parseInt(middle, 16),
    high: Number.parseInt(high, 16),
    rest: Uint8Array.from(pairs, (pair) => Number.parseInt(pair, 16)),
  };
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, "0");
}
