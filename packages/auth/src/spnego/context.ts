/** What both sides of a negotiation are: an exchange, then the mechanism that was chosen. */
import { type Principal, type ProtectedPdu, type SecurityContext, SecurityError } from "@msrpc/rpc";
import { Exchange } from "../exchange.ts";
import type { Mechanism } from "../mechanism.ts";

/** A mechanism under one of its names. */
export interface Offer {
  readonly oid: string;
  readonly context: Mechanism;
}

/** A context of each mechanism, under each of its names. */
export function offersOf<Request>(
  mechanisms: readonly {
    readonly oids: readonly string[];
    createContext(request: Request): Mechanism;
  }[],
  request: Request,
): readonly Offer[] {
  return mechanisms.flatMap((mechanism) => {
    const context = mechanism.createContext(request);
    return mechanism.oids.map((oid) => ({ oid, context }));
  });
}

export abstract class SpnegoContext extends Exchange implements SecurityContext {
  readonly supportsHeaderSigning: boolean;
  readonly #contexts: ReadonlySet<Mechanism>;
  #chosen: Mechanism | null = null;

  constructor(offers: readonly Offer[]) {
    super("SPNEGO");
    if (offers.length === 0) throw new SecurityError("unsupported", "SPNEGO needs a mechanism");
    this.#contexts = new Set(offers.map(({ context }) => context));
    this.supportsHeaderSigning = offers.every(({ context }) => context.supportsHeaderSigning);
  }

  protected choose(mechanism: Mechanism): void {
    this.#chosen = mechanism;
  }

  get peer(): Principal | null {
    return this.isComplete ? (this.#chosen?.peer ?? null) : null;
  }

  get sessionKey(): Uint8Array | null {
    return this.isComplete ? (this.#chosen?.sessionKey ?? null) : null;
  }

  signatureLength(seal: boolean, bodyLength: number): number {
    return this.#use().signatureLength(seal, bodyLength);
  }

  sign(pdu: ProtectedPdu): Uint8Array {
    return this.#use().sign(pdu);
  }

  seal(pdu: ProtectedPdu): Uint8Array {
    return this.#use().seal(pdu);
  }

  verify(pdu: ProtectedPdu, token: Uint8Array): void {
    this.#use().verify(pdu, token);
  }

  unseal(pdu: ProtectedPdu, token: Uint8Array): void {
    this.#use().unseal(pdu, token);
  }

  protected override release(): void {
    for (const context of this.#contexts) context.dispose();
  }

  #use(): Mechanism {
    if (!this.isComplete || this.#chosen === null) {
      throw this.noSession();
    }
    return this.#chosen;
  }
}
