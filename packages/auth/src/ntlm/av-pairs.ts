/** AV_PAIR lists ([MS-NLMP] 2.2.2.1): what a server tells of itself, and a client of the exchange. */
import { concat, copyOf, toUtf16, viewOf } from "../bytes.ts";
import { malformed } from "./message-reader.ts";

/** Values of AvId. */
export const avIds = {
  end: 0,
  nbComputerName: 1,
  nbDomainName: 2,
  dnsComputerName: 3,
  dnsDomainName: 4,
  dnsTreeName: 5,
  flags: 6,
  timestamp: 7,
  singleHost: 8,
  targetName: 9,
  channelBindings: 10,
} as const;

/** Bits of MsvAvFlags. */
export const avFlags = { constrained: 1, mic: 2, untrustedTarget: 4 } as const;

/** By AvId, in the order of the wire, without the end. */
export type AvPairs = ReadonlyMap<number, Uint8Array>;

/** Lengths that are given by the type of a pair. */
const fixedLengths: Readonly<Record<number, number>> = {
  [avIds.flags]: 4,
  [avIds.timestamp]: 8,
  [avIds.channelBindings]: 16,
};

const textIds: ReadonlySet<number> = new Set([
  avIds.nbComputerName,
  avIds.nbDomainName,
  avIds.dnsComputerName,
  avIds.dnsDomainName,
  avIds.dnsTreeName,
  avIds.targetName,
]);

/** Octets behind the end of the list are passed over: Windows sends some. @throws SecurityError bad_token */
export function readAvPairs(octets: Uint8Array): AvPairs {
  const view = viewOf(octets);
  const pairs = new Map<number, Uint8Array>();
  for (let at = 0; ;) {
    if (at + 4 > octets.length) throw malformed("AV pairs have no end");
    const id = view.getUint16(at, true);
    const length = view.getUint16(at + 2, true);
    if (id === avIds.end) {
      if (length !== 0) throw malformed("AV pairs end with a value");
      return pairs;
    }
    if (at + 4 + length > octets.length) {
      throw malformed(
        `AV pair ${id} has ${length} octets where ${octets.length - at - 4} are left`,
      );
    }
    if (length !== (fixedLengths[id] ?? length) || (textIds.has(id) && length % 2 !== 0)) {
      throw malformed(`AV pair ${id} has a length it can't have: ${length}`);
    }
    if (pairs.has(id)) throw malformed(`AV pair ${id} is there twice`);
    pairs.set(id, copyOf(octets, at + 4, at + 4 + length));
    at += 4 + length;
  }
}

export function writeAvPairs(pairs: AvPairs): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const [id, value] of pairs) parts.push(head(id, value.length), value);
  return concat(...parts, head(avIds.end, 0));
}

function head(id: number, length: number): Uint8Array {
  if (length > 0xffff) throw malformed(`AV pair ${id} is too long: ${length} octets`);
  const octets = new Uint8Array(4);
  viewOf(octets).setUint16(0, id, true);
  viewOf(octets).setUint16(2, length, true);
  return octets;
}

export function avOfText(text: string): Uint8Array {
  return toUtf16(text);
}

/** MsvAvFlags; 0 where there are none. */
export function avFlagsOf(pairs: AvPairs): number {
  const value = pairs.get(avIds.flags);
  return value === undefined ? 0 : viewOf(value).getUint32(0, true);
}

export function avOfFlags(value: number): Uint8Array {
  const octets = new Uint8Array(4);
  viewOf(octets).setUint32(0, value, true);
  return octets;
}
