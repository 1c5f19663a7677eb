/** Packets of a capture file: pcap, or pcapng (draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng), in either byte order. */

export interface CapturedPacket {
  /** Counts from 1, as Wireshark does. */
  readonly number: number;
  /** Milliseconds since 1970; 0 where the file has no time. */
  readonly time: number;
  /** LINKTYPE_ number. */
  readonly linkType: number;
  /** A view into the file. */
  readonly octets: Uint8Array;
  /** Not all of the packet was captured. */
  readonly isCut: boolean;
}

/** A file that is no capture, or is damaged from some place on. */
export class CaptureFileError extends Error {
  override readonly name = "CaptureFileError";
  /** In the file. */
  readonly offset: number;

  constructor(offset: number, problem: string) {
    super(`${problem} (offset ${offset} of the capture)`);
    this.offset = offset;
  }
}

const pcapMagics = { micro: 0xa1b2c3d4, nano: 0xa1b23c4d } as const;
const pcapngMagic = 0x0a0d0d0a;
const byteOrderMagic = 0x1a2b3c4d;

/**
 * The packets of a capture, one by one, as views into it.
 *
 * @throws CaptureFileError where it is no capture; where it is damaged, behind the packets before
 */
export function* readPackets(file: Uint8Array): Generator<CapturedPacket> {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  if (file.length < 4) throw new CaptureFileError(0, "the file ends before its first number");
  if (view.getUint32(0) === pcapngMagic) return yield* readBlocks(file, view);
  for (const little of [true, false]) {
    const magic = view.getUint32(0, little);
    if (magic === pcapMagics.micro || magic === pcapMagics.nano) {
      return yield* readRecords(file, view, little, magic === pcapMagics.nano ? 1e6 : 1e3);
    }
  }
  throw new CaptureFileError(0, "this is neither pcap nor pcapng");
}

// ---- pcap ------------------------------------------------------------------------------------

function* readRecords(
  file: Uint8Array,
  view: DataView,
  little: boolean,
  ticks: number,
): Generator<CapturedPacket> {
  if (file.length < 24) throw new CaptureFileError(0, "the file header is cut off");
  // The upper bits say how long a frame check sequence is.
  const linkType = view.getUint32(20, little) & 0xfff_ffff;
  let at = 24;
  for (let number = 1; at < file.length; number++) {
    if (at + 16 > file.length) throw new CaptureFileError(at, "a packet's header is cut off");
    const time = view.getUint32(at, little) * 1000 + view.getUint32(at + 4, little) / ticks;
    const length = view.getUint32(at + 8, little);
    const isCut = length < view.getUint32(at + 12, little);
    if (length > file.length - at - 16) {
      throw new CaptureFileError(at, `a packet of ${length} octets is cut off`);
    }
    yield { number, time, linkType, octets: file.subarray(at + 16, at + 16 + length), isCut };
    at += 16 + length;
  }
}

// ---- pcapng ----------------------------------------------------------------------------------

const blocks = { interface: 1, packet: 2, simple: 3, enhanced: 6 } as const;

interface CaptureInterface {
  readonly linkType: number;
  readonly snapLength: number;
  /** Units of time in a millisecond. */
  readonly ticks: number;
}

/** One block: its body from `start` to `end`. */
interface Block {
  readonly at: number;
  readonly start: number;
  readonly end: number;
}

function* readBlocks(file: Uint8Array, view: DataView): Generator<CapturedPacket> {
  let little = true;
  let interfaces: CaptureInterface[] = [];
  let number = 0;
  let at = 0;
  while (at < file.length) {
    if (at + 12 > file.length) throw new CaptureFileError(at, "a block's header is cut off");
    const type = view.getUint32(at, little);
    if (type === pcapngMagic) {
      little = view.getUint32(at + 8, true) === byteOrderMagic;
      if (!little && view.getUint32(at + 8) !== byteOrderMagic) {
        throw new CaptureFileError(at, "a section has no byte order");
      }
      interfaces = [];
    }
    const length = view.getUint32(at + 4, little);
    if (length < 12 || length % 4 !== 0 || length > file.length - at) {
      throw new CaptureFileError(at, `a block of ${length} octets is cut off, or none`);
    }
    const block = { at, start: at + 8, end: at + length - 4 };
    if (type === blocks.interface) interfaces.push(readInterface(view, block, little));
    else {
      const found = packetIn(file, view, type, block, little, interfaces);
      if (found !== null) yield { number: ++number, ...found };
    }
    at += length;
  }
}

function readInterface(
  view: DataView,
  { at, start, end }: Block,
  little: boolean,
): CaptureInterface {
  if (end - start < 8) throw new CaptureFileError(at, "an interface is cut off");
  const linkType = view.getUint16(start, little);
  const snapLength = view.getUint32(start + 4, little);
  let ticks = 1e3;
  for (let option = start + 8; option + 4 <= end;) {
    const code = view.getUint16(option, little);
    const length = view.getUint16(option + 2, little);
    // if_tsresol: a power of 10, or with the highest bit one of 2.
    if (code === 9 && length === 1 && option + 5 <= end) {
      const value = view.getUint8(option + 4);
      ticks = (value & 0x80 ? 2 ** (value & 0x7f) : 10 ** value) / 1000;
    }
    if (code === 0) break;
    option += 4 + Math.ceil(length / 4) * 4;
  }
  return { linkType, snapLength, ticks };
}

type Found = Omit<CapturedPacket, "number">;

function packetIn(
  file: Uint8Array,
  view: DataView,
  type: number,
  { at, start, end }: Block,
  little: boolean,
  interfaces: readonly CaptureInterface[],
): Found | null {
  const isSimple = type === blocks.simple;
  if (!isSimple && type !== blocks.enhanced && type !== blocks.packet) return null;
  const headLength = isSimple ? 4 : 20;
  if (end - start < headLength) throw new CaptureFileError(at, "a packet's header is cut off");
  const id = isSimple ? 0 : type === blocks.packet ? view.getUint16(start, little) : view.getUint32(start, little); // prettier-ignore
  const from = interfaces[id];
  if (from === undefined)
    throw new CaptureFileError(at, `a packet is of interface ${id}, which is none`);
  const original = view.getUint32(start + headLength - 4, little);
  const limit = from.snapLength === 0 ? original : Math.min(original, from.snapLength);
  const captured = isSimple ? limit : view.getUint32(start + 12, little);
  if (captured > end - start - headLength) {
    throw new CaptureFileError(at, `a packet of ${captured} octets is cut off`);
  }
  const units = isSimple ? 0 : view.getUint32(start + 4, little) * 2 ** 32 + view.getUint32(start + 8, little); // prettier-ignore
  const octets = file.subarray(start + headLength, start + headLength + captured);
  const { linkType, ticks } = from;
  return { time: units / ticks, linkType, octets, isCut: captured < original };
}
