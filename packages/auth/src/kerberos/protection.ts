/** Signs and seals PDUs by an established context (RFC 4121; [MS-RPCE] 3.3.1.5.2.2). */
import { type ProtectedPdu, SecurityError } from "@msrpc/rpc";
import { problemOf, type Side } from "./error.ts";
import { iovTypes } from "./native/constants.ts";
import type { Gssapi } from "./native/gssapi.ts";
import type { NativeHandle } from "./native/handle.ts";
import type { NativeMemory } from "./native/memory.ts";

/** Octets of a gss_iov_buffer_desc: type, length, address. */
const iovSize = 24;
/** Where things are in the memory of calls: minor status, conf_state, the buffers, the token. */
const places = { minor: 0, confidential: 4, iov: 8, token: 8 + 4 * iovSize } as const;
/** More than the token of any cipher has. */
const longestToken = 256;

/** A token's header and its encrypted copy, without confounder and checksum. */
const shortestWrap = 32;

/** The default quality of protection; there is no other. */
const defaultQop = 0;

/** A part of a message, in place. */
interface Range {
  readonly start: number;
  readonly end: number;
}

export class Protection {
  readonly #gss: Gssapi;
  readonly #context: NativeHandle;
  readonly #side: Side;
  readonly #memory: NativeMemory;
  readonly #micLength: number;
  readonly #wrapLength: number;

  /** `seals`: the context can encrypt. */
  constructor(gss: Gssapi, context: NativeHandle, side: Side, seals: boolean) {
    this.#gss = gss;
    this.#context = context;
    this.#side = side;
    this.#memory = gss.memory(places.token + longestToken);
    this.#micLength = this.#lengthOfMic();
    this.#wrapLength = seals ? this.#lengthOfWrap() : 0;
  }

  /** Of any message: ciphers that pad are not among those that Kerberos has for DCE style. */
  signatureLength(seal: boolean): number {
    return seal ? this.#wrapLength : this.#micLength;
  }

  sign(octets: Uint8Array, { start, end }: Range): Uint8Array {
    const memory = this.#memory;
    const address = this.#gss.addressOf(octets);
    this.#iov(0, iovTypes.data, address + BigInt(start), end - start);
    this.#iov(1, iovTypes.micToken, memory.at(places.token), this.#micLength);
    const [context, iov] = [this.#context.pointer, memory.at(places.iov)];
    const major = this.#gss.call("getMic", memory.at(0), context, defaultQop, iov, 2);
    this.#gss.check(this.#side, "a message can't be signed", major, memory);
    return this.#token(1);
  }

  /** @throws KerberosError bad_signature, replayed, out_of_sequence */
  verify(octets: Uint8Array, { start, end }: Range, token: Uint8Array): void {
    // The library, up to 1.22 at least, ends the process over a token without checksum.
    if (token.length !== this.#micLength) throw wrongLength(token);
    const memory = this.#memory;
    const address = this.#gss.addressOf(octets);
    this.#iov(0, iovTypes.data, address + BigInt(start), end - start);
    this.#iov(1, iovTypes.micToken, memory.put(places.token, token), token.length);
    const [context, iov] = [this.#context.pointer, memory.at(places.iov)];
    const major = this.#gss.call("verifyMic", memory.at(0), context, null, iov, 2);
    this.#checkReceived(major);
  }

  /** Encrypts the body in place. */
  seal(pdu: ProtectedPdu): Uint8Array {
    const memory = this.#memory;
    this.#iov(0, iovTypes.header, memory.at(places.token), this.#wrapLength);
    const count = this.#parts(pdu);
    const major = this.#gss.call(
      "wrap",
      memory.at(places.minor),
      this.#context.pointer,
      1,
      defaultQop,
      memory.at(places.confidential),
      memory.at(places.iov),
      count,
    );
    this.#gss.check(this.#side, "a message can't be sealed", major, memory);
    if (memory.u32(places.confidential) === 0) {
      throw new SecurityError("unsupported", "Kerberos: the session can't encrypt");
    }
    return this.#token(0);
  }

  /** Decrypts the body in place. @throws KerberosError bad_signature, replayed, out_of_sequence */
  unseal(pdu: ProtectedPdu, token: Uint8Array): void {
    // How many octets a peer pads its header with is its own affair.
    if (token.length < shortestWrap || token.length > longestToken) throw wrongLength(token);
    const memory = this.#memory;
    this.#iov(0, iovTypes.header, memory.put(places.token, token), token.length);
    const count = this.#parts(pdu);
    const major = this.#gss.call(
      "unwrap",
      memory.at(places.minor),
      this.#context.pointer,
      memory.at(places.confidential),
      null,
      memory.at(places.iov),
      count,
    );
    this.#checkReceived(major);
    // A wrapped message may be signed alone, and then everybody could have read it.
    if (memory.u32(places.confidential) === 0) {
      throw new SecurityError("bad_signature", "Kerberos: a message is not encrypted");
    }
  }

  /** The buffers behind the token's: the body, between header and sec_trailer where they are signed. */
  #parts({ octets, bodyStart, bodyEnd, signHeader }: ProtectedPdu): number {
    const address = this.#gss.addressOf(octets);
    const { data, signOnly } = iovTypes;
    let count = 1;
    if (signHeader) this.#iov(count++, signOnly, address, bodyStart);
    this.#iov(count++, data, address + BigInt(bodyStart), bodyEnd - bodyStart);
    if (signHeader) {
      this.#iov(count++, signOnly, address + BigInt(bodyEnd), octets.length - bodyEnd);
    }
    return count;
  }

  #iov(index: number, type: number, address: bigint, length: number): void {
    const at = places.iov + index * iovSize;
    this.#memory.setU32(at, type);
    this.#memory.setBuffer(at + 8, address, length);
  }

  /** What was written to a buffer of ours. */
  #token(index: number): Uint8Array {
    const length = Number(this.#memory.word(places.iov + index * iovSize + 8));
    return this.#memory.octets.slice(places.token, places.token + length);
  }

  /** Whatever is wrong with a message that came, its signature does not fit. */
  #checkReceived(major: number): void {
    const minor = this.#memory.u32(places.minor);
    const problem = problemOf(major, minor);
    if (problem === null) return;
    const what = "a message was changed, lost or replayed";
    throw this.#gss.error(problem, "bad_signature", what, { major, minor });
  }

  #lengthOfMic(): number {
    const memory = this.#memory;
    this.#iov(0, iovTypes.data, 0n, 0);
    this.#iov(1, iovTypes.micToken, 0n, 0);
    const [context, iov] = [this.#context.pointer, memory.at(places.iov)];
    const major = this.#gss.call("getMicLength", memory.at(0), context, defaultQop, iov, 2);
    this.#gss.check(this.#side, "signatures have no length", major, memory);
    return this.#fitting(1);
  }

  #lengthOfWrap(): number {
    const memory = this.#memory;
    this.#iov(0, iovTypes.header, 0n, 0);
    this.#iov(1, iovTypes.data, 0n, 16);
    const [context, iov] = [this.#context.pointer, memory.at(places.iov)];
    const conf = memory.at(places.confidential);
    const major = this.#gss.call("wrapLength", memory.at(0), context, 1, 0, conf, iov, 2);
    this.#gss.check(this.#side, "signatures have no length", major, memory);
    return this.#fitting(0);
  }

  #fitting(index: number): number {
    const length = Number(this.#memory.word(places.iov + index * iovSize + 8));
    if (length <= longestToken) return length;
    throw new SecurityError("unsupported", `Kerberos: signatures of ${length} octets`);
  }
}

function wrongLength(token: Uint8Array): SecurityError {
  return new SecurityError("bad_signature", `Kerberos: a signature of ${token.length} octets`);
}
