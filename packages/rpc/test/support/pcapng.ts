/** Reads pcapng files with packets of raw IP and TCP, as far as tests need it. */

export interface Packet {
  readonly interfaceId: number;
  readonly time: number;
  readonly comment: string;
  readonly from: string;
  readonly to: string;
  readonly sequence: number;
  readonly acknowledgment: number;
  readonly flags: number;
  readonly data: Uint8Array;
  /** Ones' complement sums over header and segment; 0xffff where a checksum is right. */
  readonly sums: readonly number[];
}

export interface CaptureFile {
  readonly application: string;
  readonly interfaces: readonly string[];
  readonly packets: readonly Packet[];
  readonly statistics: readonly { readonly received: bigint; readonly dropped: bigint }[];
}

export function readCapture(octets: Uint8Array): CaptureFile {
  const file = Buffer.from(octets);
  const packets: Packet[] = [];
  const interfaces: string[] = [];
  const statistics: { received: bigint; dropped: bigint }[] = [];
  let application = "";
  for (let at = 0; at < file.length;) {
    const type = file.readUInt32LE(at);
    const length = file.readUInt32LE(at + 4);
    if (file.readUInt32LE(at + length - 4) !== length) throw new Error("a block of two lengths");
    const body = file.subarray(at + 8, at + length - 4);
    if (type === 0x0a0d0d0a) application = optionsOf(body, 16).get(4)?.toString() ?? "";
    if (type === 1) interfaces.push(optionsOf(body, 8).get(2)?.toString() ?? "");
    if (type === 5) {
      const options = optionsOf(body, 12);
      const count = (code: number): bigint => options.get(code)?.readBigUInt64LE() ?? -1n;
      statistics.push({ received: count(4), dropped: count(5) });
    }
    if (type === 6) packets.push(packetOf(body));
    at += length;
  }
  return { application, interfaces, packets, statistics };
}

function optionsOf(body: Buffer, from: number): Map<number, Buffer> {
  const options = new Map<number, Buffer>();
  for (let at = from; at + 4 <= body.length;) {
    const length = body.readUInt16LE(at + 2);
    options.set(body.readUInt16LE(at), body.subarray(at + 4, at + 4 + length));
    at += 4 + ((length + 3) & ~3);
  }
  return options;
}

function packetOf(body: Buffer): Packet {
  const length = body.readUInt32LE(12);
  const ip = body.subarray(20, 20 + length);
  const time = (body.readUInt32LE(4) * 2 ** 32 + body.readUInt32LE(8)) / 1000;
  const comment =
    optionsOf(body, 20 + ((length + 3) & ~3))
      .get(1)
      ?.toString() ?? "";
  const isV4 = ip[0] === 0x45;
  if (ip.readUInt16BE(isV4 ? 2 : 4) !== (isV4 ? length : length - 40)) throw new Error("IP length");
  const tcp = ip.subarray(isV4 ? 20 : 40);
  const addresses = isV4 ? ip.subarray(12, 20) : ip.subarray(8, 40);
  const half = addresses.length / 2;
  const pseudo = Buffer.concat([
    addresses,
    Buffer.from([0, 6, tcp.length >> 8, tcp.length & 0xff]),
  ]);
  return {
    interfaceId: body.readUInt32LE(0),
    time,
    comment,
    from: `${addresses.subarray(0, half).toString("hex")}:${tcp.readUInt16BE(0)}`,
    to: `${addresses.subarray(half).toString("hex")}:${tcp.readUInt16BE(2)}`,
    sequence: tcp.readUInt32BE(4),
    acknowledgment: tcp.readUInt32BE(8),
    flags: tcp[13] ?? 0,
    data: new Uint8Array(tcp.subarray(((tcp[12] ?? 0) >> 4) * 4)),
    sums: isV4 ? [sumOf(ip.subarray(0, 20)), sumOf(pseudo, tcp)] : [sumOf(pseudo, tcp)],
  };
}

function sumOf(...parts: readonly Buffer[]): number {
  let sum = 0;
  for (const part of parts) {
    for (let i = 0; i < part.length; i += 2) sum += ((part[i] ?? 0) << 8) | (part[i + 1] ?? 0);
  }
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000);
  return sum;
}

/**
 * What one end sent, put together.
 *
 * @throws Error where a sequence number doesn't follow from what came before
 */
export function streamFrom(packets: readonly Packet[], from: string): Uint8Array {
  const own = packets.filter((packet) => packet.from === from);
  let next: number | null = null;
  for (const { sequence, data, flags } of own) {
    if (next !== null && sequence !== next) throw new Error(`${sequence} in the place of ${next}`);
    next = sequence + data.length + (flags & 1) + ((flags >> 1) & 1);
  }
  return Buffer.concat(own.map(({ data }) => data));
}
