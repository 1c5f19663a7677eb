// Octets as hexadecimal digits, and back.

export function hex(octets: Uint8Array): string {
  return Buffer.from(octets).toString("hex");
}

/** Blanks between digits are for people. */
export function octets(digits: string): Uint8Array {
  return new Uint8Array(Buffer.from(digits.replaceAll(/\s/g, ""), "hex"));
}
