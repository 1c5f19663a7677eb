/** Blocks of a pcapng file (draft-ietf-opsawg-pcapng), little-endian, with packets that start at their IP header. */

const blockTypes = { section: 0x0a0d0d0a, interface: 1, statistics: 5, packet: 6 } as const;
const magic = 0x1a2b3c4d;
/** LINKTYPE_RAW: IPv4 or IPv6, as the first octet says. */
const linkTypeRaw = 101;

const optionCodes = {
  end: 0,
  comment: 1,
  interfaceName: 2,
  userApplication: 4,
  received: 4,
  dropped: 5,
} as const;

interface Option {
  readonly code: number;
  readonly value: Uint8Array;
}

/** The start of a file: which program wrote it, and the names of the interfaces that packets are of. */
export function fileHead(application: string, interfaces: readonly string[]): Uint8Array {
  const section = new Uint8Array(16);
  const view = new DataView(section.buffer);
  view.setUint32(0, magic, true);
  view.setUint16(4, 1, true);
  // The length of the section is not known.
  view.setBigInt64(8, -1n, true);
  const head = block(blockTypes.section, section, [text(optionCodes.userApplication, application)]);
  const rest = interfaces.map((name) => {
    const body = new Uint8Array(8);
    new DataView(body.buffer).setUint16(0, linkTypeRaw, true);
    return block(blockTypes.interface, body, [text(optionCodes.interfaceName, name)]);
  });
  return Buffer.concat([head, ...rest]);
}

/** A packet at a time in milliseconds since 1970, on one of the interfaces. */
export function packetBlock(
  interfaceId: number,
  time: number,
  packet: Uint8Array,
  comment: string,
): Uint8Array {
  const body = new Uint8Array(20 + packet.length);
  const view = new DataView(body.buffer);
  view.setUint32(0, interfaceId, true);
  putTime(view, 4, time);
  view.setUint32(12, packet.length, true);
  view.setUint32(16, packet.length, true);
  body.set(packet, 20);
  return block(blockTypes.packet, body, comment === "" ? [] : [text(optionCodes.comment, comment)]);
}

/** What an interface has seen in all, and how many packets of it are not in the file. */
export function statisticsBlock(
  interfaceId: number,
  time: number,
  counts: { readonly received: number; readonly dropped: number },
): Uint8Array {
  const body = new Uint8Array(12);
  const view = new DataView(body.buffer);
  view.setUint32(0, interfaceId, true);
  putTime(view, 4, time);
  return block(blockTypes.statistics, body, [
    { code: optionCodes.received, value: count(counts.received) },
    { code: optionCodes.dropped, value: count(counts.dropped) },
  ]);
}

/** In microseconds, the upper half first. */
function putTime(view: DataView, at: number, time: number): void {
  const microseconds = Math.floor(time * 1000);
  view.setUint32(at, Math.floor(microseconds / 0x1_0000_0000), true);
  view.setUint32(at + 4, microseconds % 0x1_0000_0000, true);
}

function text(code: number, value: string): Option {
  return { code, value: new TextEncoder().encode(value) };
}

function count(value: number): Uint8Array {
  const octets = new Uint8Array(8);
  new DataView(octets.buffer).setBigUint64(0, BigInt(value), true);
  return octets;
}

/** Body and options, each padded to 4 octets, between type and length and the length once more. */
function block(type: number, body: Uint8Array, options: readonly Option[]): Uint8Array {
  const listed = options.length === 0 ? [] : [...options, { code: optionCodes.end, value: none }];
  const optionsLength = listed.reduce((sum, { value }) => sum + 4 + padded(value.length), 0);
  const length = 12 + padded(body.length) + optionsLength;
  const octets = new Uint8Array(length);
  const view = new DataView(octets.buffer);
  view.setUint32(0, type, true);
  view.setUint32(4, length, true);
  octets.set(body, 8);
  let at = 8 + padded(body.length);
  for (const { code, value } of listed) {
    view.setUint16(at, code, true);
    view.setUint16(at + 2, value.length, true);
    octets.set(value, at + 4);
    at += 4 + padded(value.length);
  }
  view.setUint32(at, length, true);
  return octets;
}

const none = new Uint8Array(0);

function padded(length: number): number {
  return (length + 3) & ~3;
}
