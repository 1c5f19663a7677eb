/** TCP segments out of captured packets: link layers, IPv4 and IPv6. */
import type { Segment } from "../capture/tcp-packet.ts";

const etherTypes = { ipv4: 0x0800, ipv6: 0x86dd, vlan: 0x8100, serviceVlan: 0x88a8 } as const;
const protocols = { tcp: 6, hopByHop: 0, routing: 43, destination: 60 } as const;

/** Where the IP header starts behind the header of a link; null for what is no IP, or of a link that isn't known. */
function ipStart(linkType: number, octets: Uint8Array): number | null {
  switch (linkType) {
    // NULL and LOOP: an address family in somebody's byte order, which the IP header tells as well.
    case 0:
    case 108:
      return 4;
    case 1:
      return behindEtherType(octets, 12);
    // RAW, and the numbers that it has had, and IPv4 and IPv6 alone.
    case 12:
    case 14:
    case 101:
    case 228:
    case 229:
      return 0;
    // LINUX_SLL and LINUX_SLL2
    case 113:
      return behindEtherType(octets, 14);
    case 276:
      return isIp(get16(octets, 0)) ? 20 : null;
    default:
      return null;
  }
}

/** Links that `segmentIn` knows. */
export function isKnownLink(linkType: number): boolean {
  return [0, 1, 12, 14, 101, 108, 113, 228, 229, 276].includes(linkType);
}

function behindEtherType(octets: Uint8Array, at: number): number | null {
  let place = at;
  // So many tags may stand in a row.
  for (let tags = 0; tags < 4; tags++) {
    const type = get16(octets, place);
    if (isIp(type)) return place + 2;
    if (type !== etherTypes.vlan && type !== etherTypes.serviceVlan) return null;
    place += 4;
  }
  return null;
}

function isIp(type: number): boolean {
  return type === etherTypes.ipv4 || type === etherTypes.ipv6;
}

/** The TCP segment of a packet; null for any other packet, for a part of one, and for one that is cut off. */
export function segmentIn(linkType: number, octets: Uint8Array): Segment | null {
  const start = ipStart(linkType, octets);
  if (start === null) return null;
  const packet = octets.subarray(start);
  const version = (packet[0] ?? 0) >> 4;
  if (version === 4) return inIpv4(packet);
  return version === 6 ? inIpv6(packet) : null;
}

function inIpv4(packet: Uint8Array): Segment | null {
  if (packet.length < 20) return null;
  const headLength = ((packet[0] ?? 0) & 0xf) * 4;
  // A segment that was offloaded to the network card may have no length.
  const total = get16(packet, 2) || packet.length;
  const isFragment = (get16(packet, 6) & 0x3fff) !== 0;
  if (headLength < 20 || isFragment || packet[9] !== protocols.tcp || total > packet.length)
    return null;
  return inTcp(
    packet.subarray(headLength, total),
    packet.subarray(12, 16),
    packet.subarray(16, 20),
  );
}

function inIpv6(packet: Uint8Array): Segment | null {
  if (packet.length < 40) return null;
  const length = get16(packet, 4) || packet.length - 40;
  if (length > packet.length - 40) return null;
  let next = packet[6];
  let at = 40;
  const end = 40 + length;
  while (
    next === protocols.hopByHop ||
    next === protocols.routing ||
    next === protocols.destination
  ) {
    if (at + 8 > end) return null;
    next = packet[at];
    at += 8 * (1 + (packet[at + 1] ?? 0));
  }
  if (next !== protocols.tcp || at > end) return null;
  return inTcp(packet.subarray(at, end), packet.subarray(8, 24), packet.subarray(24, 40));
}

function inTcp(octets: Uint8Array, from: Uint8Array, to: Uint8Array): Segment | null {
  if (octets.length < 20) return null;
  const headLength = ((octets[12] ?? 0) >> 4) * 4;
  if (headLength < 20 || headLength > octets.length) return null;
  const view = new DataView(octets.buffer, octets.byteOffset, octets.length);
  return {
    from: { ip: from, port: view.getUint16(0) },
    to: { ip: to, port: view.getUint16(2) },
    sequence: view.getUint32(4),
    acknowledgment: view.getUint32(8),
    flags: octets[13] ?? 0,
    data: octets.subarray(headLength),
  };
}

function get16(octets: Uint8Array, at: number): number {
  return ((octets[at] ?? 0) << 8) | (octets[at + 1] ?? 0);
}
