// Packets in the forms that capture files and links have.
import { packetBlock, fileHead } from "../../src/capture/pcapng.ts";

export interface PcapForm {
  readonly little: boolean;
  readonly linkType: number;
  /** Fractions of a second are nanoseconds. */
  readonly nano?: boolean;
  /** What stands in front of each IP packet. */
  readonly link: (packet: Uint8Array) => Uint8Array;
}

/** A pcap file of IP packets, one a millisecond. */
export function pcap(packets: readonly Uint8Array[], form: PcapForm): Uint8Array {
  const { little, linkType, nano = false } = form;
  const head = new DataView(new ArrayBuffer(24));
  head.setUint32(0, nano ? 0xa1b23c4d : 0xa1b2c3d4, little);
  head.setUint16(4, 2, little);
  head.setUint16(6, 4, little);
  head.setUint32(16, 262_144, little);
  head.setUint32(20, linkType, little);
  const records = packets.map((packet, at) => {
    const octets = Buffer.concat([form.link(packet), packet]);
    const record = new DataView(new ArrayBuffer(16));
    record.setUint32(4, at * (nano ? 1_000_000 : 1000), little);
    record.setUint32(8, octets.length, little);
    record.setUint32(12, octets.length, little);
    return Buffer.concat([new Uint8Array(record.buffer), octets]);
  });
  return new Uint8Array(Buffer.concat([new Uint8Array(head.buffer), ...records]));
}

/** A pcapng file of IP packets, as this package writes them. */
export function pcapng(packets: readonly Uint8Array[]): Uint8Array {
  const blocks = packets.map((packet, at) => packetBlock(0, at, packet, ""));
  return new Uint8Array(Buffer.concat([fileHead("test", ["any"]), ...blocks]));
}

function etherType(packet: Uint8Array): readonly [number, number] {
  return (packet[0] ?? 0) >> 4 === 6 ? [0x86, 0xdd] : [0x08, 0x00];
}

/** Headers of links, by name, with the LINKTYPE_ number. */
export const links: Readonly<Record<string, readonly [number, PcapForm["link"]]>> = {
  raw: [101, () => new Uint8Array(0)],
  ethernet: [1, (packet) => Uint8Array.of(...new Uint8Array(12), ...etherType(packet))],
  vlan: [1, (packet) => Uint8Array.of(...new Uint8Array(12), 0x81, 0, 0, 7, ...etherType(packet))],
  cooked: [113, (packet) => Uint8Array.of(...new Uint8Array(14), ...etherType(packet))],
  cooked2: [276, (packet) => Uint8Array.of(...etherType(packet), ...new Uint8Array(18))],
  loopback: [0, () => Uint8Array.of(2, 0, 0, 0)],
};
