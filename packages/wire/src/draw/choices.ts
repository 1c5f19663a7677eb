/** Where drawn values come from: a seed, or what a test's library chooses. */

export interface Choices {
  /** Both inclusive, within 32 bits. */
  integer(low: number, high: number): number;
  bigInteger(low: bigint, high: bigint): bigint;
  /** So many integers, each of one of the ranges. */
  integers(
    count: { readonly least: number; readonly most: number },
    ranges: readonly (readonly [low: number, high: number])[],
  ): number[];
  /** No NaN; in 32 bits where those are asked for. */
  real(bits: 32 | 64): number;
}

/** The same choices for the same seed. */
export function seededChoices(seed: number): Choices {
  let state = seed >>> 0;
  // Mulberry32: a counter whose bits are mixed.
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  const integer = (low: number, high: number): number =>
    low + Math.floor((next() / 2 ** 32) * (high - low + 1));
  return {
    integer,
    bigInteger(low, high) {
      const random = (BigInt(next()) << 32n) | BigInt(next());
      return low + (random * (high - low + 1n)) / 2n ** 64n;
    },
    integers({ least, most }, ranges) {
      return Array.from({ length: integer(least, most) }, () => {
        const [low, high] = ranges[integer(0, ranges.length - 1)] ?? [0, 0];
        return integer(low, high);
      });
    },
    real: (bits) => {
      const value = (next() / 2 ** 32 - 0.5) * 2 ** integer(-20, 20);
      return bits === 32 ? Math.fround(value) : value;
    },
  };
}
