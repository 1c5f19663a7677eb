/** TCP segments with their IP headers and checksums (RFC 9293, RFC 791, RFC 8200). */

export interface Address {
  /** 4 octets or 16; the same number at both ends. */
  readonly ip: Uint8Array;
  readonly port: number;
}

export interface Segment {
  readonly from: Address;
  readonly to: Address;
  readonly sequence: number;
  readonly acknowledgment: number;
  readonly flags: number;
  readonly data: Uint8Array;
}

export const tcpFlags = { fin: 0x01, syn: 0x02, rst: 0x04, psh: 0x08, ack: 0x10 } as const;

/** Octets of the longest segment that is written. */
export const segmentSize = 16_384;

/** With a SYN: the segment size, and a window of as many octets as it goes (RFC 7323). */
const synOptions = Uint8Array.of(2, 4, segmentSize >> 8, segmentSize & 0xff, 1, 3, 3, 14);

const protocolTcp = 6;

/** An IP packet with one TCP segment. */
export function tcpPacket(segment: Segment): Uint8Array {
  const { from, to, flags, data } = segment;
  const options = (flags & tcpFlags.syn) !== 0 ? synOptions : none;
  const length = 20 + options.length + data.length;
  const ipLength = from.ip.length === 4 ? 20 : 40;
  const packet = new Uint8Array(ipLength + length);
  const tcp = packet.subarray(ipLength);
  const view = new DataView(packet.buffer, ipLength);
  view.setUint16(0, from.port);
  view.setUint16(2, to.port);
  view.setUint32(4, segment.sequence);
  view.setUint32(8, segment.acknowledgment);
  view.setUint8(12, ((20 + options.length) / 4) << 4);
  view.setUint8(13, flags);
  view.setUint16(14, 0xffff);
  tcp.set(options, 20);
  tcp.set(data, 20 + options.length);
  const pseudoHeader = sum(from.ip) + sum(to.ip) + protocolTcp + length;
  view.setUint16(16, complement(pseudoHeader + sum(tcp)));
  if (ipLength === 20) putIpv4(packet, from.ip, to.ip);
  else putIpv6(packet, from.ip, to.ip);
  return packet;
}

const none = new Uint8Array(0);

function putIpv4(packet: Uint8Array, from: Uint8Array, to: Uint8Array): void {
  const view = new DataView(packet.buffer);
  view.setUint8(0, 0x45);
  view.setUint16(2, packet.length);
  // Not to be fragmented.
  view.setUint16(6, 0x4000);
  view.setUint8(8, 64);
  view.setUint8(9, protocolTcp);
  packet.set(from, 12);
  packet.set(to, 16);
  view.setUint16(10, complement(sum(packet.subarray(0, 20))));
}

function putIpv6(packet: Uint8Array, from: Uint8Array, to: Uint8Array): void {
  const view = new DataView(packet.buffer);
  view.setUint8(0, 0x60);
  view.setUint16(4, packet.length - 40);
  view.setUint8(6, protocolTcp);
  view.setUint8(7, 64);
  packet.set(from, 8);
  packet.set(to, 24);
}

/** Of 16-bit words; an odd octet at the end counts as the upper half of one. */
function sum(octets: Uint8Array): number {
  let total = 0;
  for (let i = 0; i < octets.length; i += 2) {
    total += ((octets[i] as number) << 8) | (octets[i + 1] ?? 0);
  }
  return total;
}

function complement(total: number): number {
  let folded = total;
  while (folded > 0xffff) folded = (folded & 0xffff) + Math.floor(folded / 0x1_0000);
  return ~folded & 0xffff;
}
