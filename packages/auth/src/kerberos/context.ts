/** What both sides of a Kerberos exchange have in common, and how its session protects PDUs. */
import {
  type ContextRequest,
  type Principal,
  type ProtectedPdu,
  SecurityError,
  type SecurityStep,
} from "@msrpc/rpc";
import { MechanismContext } from "../mechanism-context.ts";
import type { Mechanism } from "../mechanism.ts";
import { oidText } from "../spnego/der.ts";
import type { Side } from "./error.ts";
import { contextFlags, majorBits, oids } from "./native/constants.ts";
import type { Gssapi } from "./native/gssapi.ts";
import { NativeHandle } from "./native/handle.ts";
import { Protection } from "./protection.ts";

/** Names of the mechanism in SPNEGO. Windows puts its own first ([MS-SPNG] 3.1.5.1). */
export const mechanismOids: readonly string[] = [oids.microsoftKerberos, oids.kerberos];

export abstract class KerberosContext extends MechanismContext<Protection> implements Mechanism {
  readonly #side: Side;
  readonly #level: ContextRequest["level"];
  readonly #owned: Disposable[] = [];
  #handle: NativeHandle | null = null;

  constructor(side: Side, { level }: ContextRequest) {
    super("Kerberos");
    this.#side = side;
    this.#level = level;
  }

  signatureLength(seal: boolean): number {
    return this.use().signatureLength(seal);
  }

  sign(pdu: ProtectedPdu): Uint8Array {
    return this.use().sign(pdu.octets, signedPart(pdu));
  }

  seal(pdu: ProtectedPdu): Uint8Array {
    return this.use().seal(pdu);
  }

  verify(pdu: ProtectedPdu, token: Uint8Array): void {
    this.guard((session) => session.verify(pdu.octets, signedPart(pdu), token));
  }

  unseal(pdu: ProtectedPdu, token: Uint8Array): void {
    this.guard((session) => session.unseal(pdu, token));
  }

  getMic(message: Uint8Array): Uint8Array {
    return this.use().sign(message, { start: 0, end: message.length });
  }

  verifyMic(message: Uint8Array, mic: Uint8Array): void {
    const whole = { start: 0, end: message.length };
    this.guard((session) => session.verify(message, whole, mic));
  }

  /** The context of the library, of which there is none at first. */
  protected handle(gss: Gssapi): NativeHandle {
    this.#handle ??= this.own(
      new NativeHandle((context) => {
        const memory = gss.memory(16);
        memory.setWord(8, context);
        gss.call("deleteContext", memory.at(0), memory.at(8), null);
      }),
    );
    return this.#handle;
  }

  /** Lets go of it when the context ends. */
  protected own<T extends Disposable>(owned: T): T {
    this.#owned.push(owned);
    return owned;
  }

  /** A token that both sides take turns in, from the statuses and outputs of a leg. */
  protected legOf(major: number, token: Uint8Array): SecurityStep {
    const complete = (major & majorBits.continueNeeded) === 0;
    return { token: token.length === 0 ? null : token, complete };
  }

  /** Begins the session: the exchange is complete. @throws SecurityError unsupported */
  protected establish(gss: Gssapi, flags: number, peer: Principal): void {
    const context = this.handle(gss);
    const missing = demanded(this.#level) & ~flags;
    if (missing !== 0) throw unsupported(missing);
    const { key, cipher } = sessionKeyOf(gss, context, this.#side);
    const isSealed = (flags & contextFlags.confidential) !== 0;
    const hasIntegrity = (flags & contextFlags.integrity) !== 0;
    // Windows signs the list with every cipher newer than RC4 ([MS-SPNG] 3.1.5.1). A server needs no signature:
    // it takes Kerberos where that is the client's first choice, and nothing better could have been taken out.
    const isNew = hasIntegrity && !oldCiphers.has(cipher);
    this.begin(new Protection(gss, context, this.#side, isSealed), {
      sessionKey: key,
      peer,
      hasIntegrity,
      wantsMechListMic: this.#side === "client" && isNew,
    });
  }

  protected override release(): void {
    super.release();
    for (const owned of this.#owned.splice(0).toReversed()) owned[Symbol.dispose]();
    this.#handle = null;
  }
}

/** What a client asks for, and what both sides insist on. */
export function demanded(level: ContextRequest["level"]): number {
  const { mutual, dceStyle, integrity, replay, sequence, confidential } = contextFlags;
  const always = mutual | dceStyle;
  if (level === "connect") return always;
  const signed = always | integrity | replay | sequence;
  return level === "privacy" ? signed | confidential : signed;
}

function unsupported(missing: number): SecurityError {
  const names = Object.entries(contextFlags).filter(([, flag]) => (missing & flag) !== 0);
  const list = names.map(([name]) => name).join(", ");
  return new SecurityError("unsupported", `Kerberos: the peer leaves out ${list}`);
}

/** Encryption types of DES and RC4, whose messages are not those of RFC 4121. */
const oldCiphers: ReadonlySet<number> = new Set([1, 2, 3, 23, 24]);

/** The key, and the encryption type that is the last arc of the second element. */
function sessionKeyOf(
  gss: Gssapi,
  context: NativeHandle,
  side: Side,
): { readonly key: Uint8Array; readonly cipher: number } {
  const memory = gss.memory(16);
  const major = gss.call(
    "inquireByOid",
    memory.at(0),
    context.pointer,
    gss.oid(oids.sessionKey),
    memory.at(8),
  );
  gss.check(side, "the session has no key", major, memory);
  const [key, cipher] = bufferSet(gss, memory.word(8));
  gss.call("releaseBufferSet", memory.at(0), memory.at(8));
  const last = cipher === undefined ? undefined : oidText(cipher).split(".").at(-1);
  return { key: key ?? new Uint8Array(0), cipher: Number(last ?? 0) };
}

/** Copies of the members of a gss_buffer_set: a count, and the address of buffers. */
function bufferSet(gss: Gssapi, pointer: bigint): Uint8Array[] {
  const [count = 0n, elements = 0n] = words(gss, pointer, 2);
  const buffers = words(gss, elements, 2 * Number(count));
  return Array.from({ length: Number(count) }, (_, index) => {
    const [length = 0n, address = 0n] = buffers.subarray(2 * index);
    return gss.copy(address, Number(length));
  });
}

function words(gss: Gssapi, pointer: bigint, count: number): BigUint64Array {
  return new BigUint64Array(gss.copy(pointer, 8 * count).slice().buffer);
}

function signedPart({ octets, bodyStart, bodyEnd, signHeader }: ProtectedPdu): {
  readonly start: number;
  readonly end: number;
} {
  return signHeader ? { start: 0, end: octets.length } : { start: bodyStart, end: bodyEnd };
}
