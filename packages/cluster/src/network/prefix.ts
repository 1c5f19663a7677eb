/** IPv6 addresses as text, and the prefixes that they are in. */

/** The first address of the subnet that an address is in, in its short form: `2001:db8::` of `2001:db8::7` and 64. */
export function prefixOf(address: string, length: number): string {
  const groups = groupsOf(address).map((group, at) => {
    const left = Math.min(Math.max(length - at * 16, 0), 16);
    return group & ~(0xffff >>> left);
  });
  const long = groups.map((group) => group.toString(16)).join(":");
  // Addresses in URLs are in the short form (RFC 5952).
  return new URL(`http://[${long}]`).hostname.slice(1, -1);
}

/** Eight numbers of 16 bits. The system writes no zone and no IPv4 address into them but at the end. */
function groupsOf(address: string): number[] {
  const text = new URL(`http://[${address.replace(/%.*$/s, "")}]`).hostname.slice(1, -1);
  const [head = "", tail] = text.split("::");
  const numbers = (part: string): number[] =>
    part === "" ? [] : part.split(":").map((group) => Number.parseInt(group, 16));
  if (tail === undefined) return numbers(head);
  const [first, last] = [numbers(head), numbers(tail)];
  return [...first, ...Array<number>(8 - first.length - last.length).fill(0), ...last];
}
