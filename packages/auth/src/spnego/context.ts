/** What both sides of a negotiation are: turns, then the mechanism that was chosen. */
import {
  type Principal,
  type ProtectedPdu,
  type SecurityContext,
  SecurityError,
  type SecurityStep,
} from "@msrpc/rpc";
import type { Mechanism } from "../mechanism.ts";
import { badToken } from "./der.ts";

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

export abstract class SpnegoContext implements SecurityContext {
  readonly supportsHeaderSigning: boolean;
  readonly #contexts: ReadonlySet<Mechanism>;
  #chosen: Mechanism | null = null;
  #isComplete = false;
  #isBusy = false;
  #isFailed = false;

  constructor(offers: readonly Offer[]) {
    if (offers.length === 0) throw new SecurityError("unsupported", "SPNEGO needs a mechanism");
    this.#contexts = new Set(offers.map(({ context }) => context));
    this.supportsHeaderSigning = offers.every(({ context }) => context.supportsHeaderSigning);
  }

  /** Takes the peer's token, in its turn; calls {@link choose} before it is complete. */
  protected abstract take(token: Uint8Array | null): Promise<SecurityStep>;

  async step(token: Uint8Array | null): Promise<SecurityStep> {
    if (this.#isFailed || this.#isBusy || this.#isComplete) throw badToken("is out of turn");
    this.#isBusy = true;
    try {
      const step = await this.take(token);
      this.#isComplete = step.complete;
      return step;
    } catch (error) {
      this.#isFailed = true;
      throw error;
    } finally {
      this.#isBusy = false;
    }
  }

  protected choose(mechanism: Mechanism): void {
    this.#chosen = mechanism;
  }

  get peer(): Principal | null {
    return this.#isComplete ? (this.#chosen?.peer ?? null) : null;
  }

  get sessionKey(): Uint8Array | null {
    return this.#isComplete ? (this.#chosen?.sessionKey ?? null) : null;
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

  dispose(): void {
    for (const context of this.#contexts) context.dispose();
    this.#isFailed = true;
  }

  #use(): Mechanism {
    if (!this.#isComplete || this.#chosen === null) {
      throw new SecurityError("bad_signature", "SPNEGO signature is asked of no session");
    }
    return this.#chosen;
  }
}
