/** An array of a known length, to be filled from the start. */
export function newArray<T>(length: number): T[] {
  // oxlint-disable-next-line unicorn/no-new-array -- allocated once, where pushing would grow it
  return new Array<T>(length);
}
