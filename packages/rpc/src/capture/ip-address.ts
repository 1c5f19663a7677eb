/** IP addresses as octets. */

/**
 * 4 octets of IPv4 or 16 of IPv6; an IPv4 address that is mapped into IPv6 is IPv4. All zeros of IPv4 for what
 * is no address.
 */
export function addressOctets(text: string): Uint8Array {
  const [address = ""] = text.replace(/^::ffff:(?=\d+\.)/i, "").split("%");
  if (!address.includes(":")) return ipv4(address);
  const [head = "", tail] = address.split("::");
  const front = groups(head);
  const back = tail === undefined ? [] : groups(tail);
  const octets = new Uint8Array(16);
  octets.set(front.slice(0, 16));
  octets.set(back.slice(0, 16), 16 - Math.min(16, back.length));
  return octets;
}

function ipv4(text: string): Uint8Array {
  const parts = text.split(".").map(Number);
  const isAddress = parts.length === 4 && parts.every((part) => part >= 0 && part < 256);
  return Uint8Array.from(isAddress ? parts : [0, 0, 0, 0]);
}

/** The last group may be an IPv4 address. */
function groups(text: string): number[] {
  if (text === "") return [];
  return text.split(":").flatMap((group) => {
    if (group.includes(".")) return [...ipv4(group)];
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
}
