/** The verification trailer behind a request's stub data ([MS-RPCE] 2.2.2.13). Always little-endian. */
import type { SyntaxId } from "@msrpc/ndr";
import { OctetReader, OctetWriter } from "./octets.ts";
import { PduError } from "./error.ts";

const signature = Uint8Array.of(0x8a, 0xe3, 0x13, 0x71, 0x02, 0xf4, 0x36, 0x71);

const commands = { bitmask: 1, presentation: 2, header2: 3, typeMask: 0x3fff } as const;
const endFlag = 0x4000;
const mustProcess = 0x8000;

/** What the client says, protected by the signature over the body, of fields that are not. */
export interface VerificationTrailer {
  /** The client set PFC_SUPPORT_HEADER_SIGN in its bind; null where it says nothing about it. */
  readonly headerSigning: boolean | null;
  /** The presentation context that the request is for. */
  readonly presentation: { readonly abstract: SyntaxId; readonly transfer: SyntaxId } | null;
  /** The request's header. */
  readonly header: {
    readonly type: number;
    readonly littleEndian: boolean;
    readonly callId: number;
    readonly contextId: number;
    readonly opnum: number;
  } | null;
}

/** The stub with its trailer behind it, aligned to 4 octets. */
export function appendTrailer(stub: Uint8Array, trailer: VerificationTrailer): Uint8Array {
  const w = new OctetWriter(0, true);
  w.bytes(stub);
  w.align(4);
  w.bytes(signature);
  const { headerSigning, presentation, header } = trailer;
  const last = header !== null ? 3 : presentation !== null ? 2 : 1;
  const command = (type: number, length: number): void => {
    w.u16(type === last ? type | endFlag : type);
    w.u16(length);
  };
  if (headerSigning !== null || last === 1) {
    command(commands.bitmask, 4);
    w.u32(headerSigning === true ? 1 : 0);
  }
  if (presentation !== null) {
    command(commands.presentation, 40);
    for (const { uuid, version } of [presentation.abstract, presentation.transfer]) {
      w.uuid(uuid);
      w.u16(version.major);
      w.u16(version.minor);
    }
  }
  if (header !== null) {
    command(commands.header2, 16);
    w.u8(header.type);
    w.zeros(3);
    w.u8(header.littleEndian ? 0x10 : 0);
    w.zeros(3);
    w.u32(header.callId);
    w.u16(header.contextId);
    w.u16(header.opnum);
  }
  return w.finish();
}

/**
 * The trailer in what follows the stub data, which starts at `from`; null where there is none.
 *
 * @throws PduError bad_value for a trailer that is cut off, or has a command that must be understood and isn't
 */
export function findTrailer(stub: Uint8Array, from: number): VerificationTrailer | null {
  for (let at = (from + 3) & ~3; at + signature.length <= stub.length; at += 4) {
    if (signature.every((octet, i) => stub[at + i] === octet)) {
      return readTrailer(new OctetReader(stub, at + signature.length, true));
    }
  }
  return null;
}

function readTrailer(r: OctetReader): VerificationTrailer {
  let headerSigning: VerificationTrailer["headerSigning"] = null;
  let presentation: VerificationTrailer["presentation"] = null;
  let header: VerificationTrailer["header"] = null;
  for (;;) {
    const command = r.u16();
    const body = r.bytes(r.u16());
    const fields = new OctetReader(body, 0, true);
    const type = command & commands.typeMask;
    if (type === commands.bitmask) {
      headerSigning = (fields.u32() & 1) !== 0;
    } else if (type === commands.presentation) {
      presentation = { abstract: readSyntax(fields), transfer: readSyntax(fields) };
    } else if (type === commands.header2) {
      header = readHeader2(fields);
    } else if ((command & mustProcess) !== 0) {
      throw new PduError("bad_value", `verification command ${type} is not known`);
    }
    if ((command & endFlag) !== 0) return { headerSigning, presentation, header };
  }
}

function readSyntax(r: OctetReader): SyntaxId {
  return { uuid: r.uuid(), version: { major: r.u16(), minor: r.u16() } };
}

function readHeader2(r: OctetReader): VerificationTrailer["header"] {
  const type = r.u8();
  r.skip(3);
  const littleEndian = (r.u8() & 0xf0) !== 0;
  r.skip(3);
  return { type, littleEndian, callId: r.u32(), contextId: r.u16(), opnum: r.u16() };
}
