/** Security contexts of a client of hand-made PDUs, with the toy mechanism. */
import { encodePdu, type Pdu, type RequestPdu, type Verifier } from "@msrpc/rpc/pdu";
import type { SecurityContext } from "@msrpc/rpc";
import { expect } from "vitest";
import { toyClient, toyType } from "./toy-security.ts";
import { alter, bind, request, type Wire } from "./wire.ts";

const trailerLength = 8;
const signatureLength = 12;

export const levels = { connect: 2, call: 3, packet: 4, integrity: 5, privacy: 6 } as const;

export class SigningClient {
  readonly verifier: Omit<Verifier, "token">;
  readonly #context: SecurityContext;
  #token: Uint8Array = new Uint8Array(0);

  constructor(contextId: number, level: number = levels.integrity, legs = 3) {
    this.verifier = { type: toyType, level, padLength: 0, contextId };
    this.#context = toyClient({ legs }).createContext({ level: "integrity", host: "" });
  }

  /** The verifier of the next leg. */
  async next(): Promise<Verifier> {
    const { token } = await this.#context.step(this.#token.length === 0 ? null : this.#token);
    return { ...this.verifier, token: token ?? new Uint8Array(0) };
  }

  /** Sends a bind or alter_context with the next leg, and keeps the answer's token. */
  async negotiate(w: Wire, type: "bind" | "alter_context", flags = 0x13): Promise<Pdu | undefined> {
    const make = type === "bind" ? bind : alter;
    const [answer] = await w.send(make({ flags, verifier: await this.next() }));
    if (answer?.type === "bind_ack" || answer?.type === "alter_context_resp") {
      this.#token = Uint8Array.from(answer.verifier?.token ?? []);
    }
    return answer;
  }

  /** Sends the last leg, which has no answer. */
  async finish(w: Wire): Promise<void> {
    const verifier = await this.next();
    const auth3 = { type: "auth3", flags: 3, callId: 1, littleEndian: true, verifier } as const;
    expect(await w.send(auth3)).toEqual([]);
  }

  /** A signed request; `verifier` overwrites what its sec_trailer says, after it was signed. */
  sign(
    changes: Partial<RequestPdu>,
    signHeader = false,
    verifier: Partial<Verifier> = {},
  ): Uint8Array {
    const { body = new Uint8Array(4) } = changes;
    const padLength = -body.length & 15;
    const padded = new Uint8Array(body.length + padLength);
    padded.set(body);
    const make = (token: Uint8Array, trailer: Partial<Verifier>): Uint8Array =>
      encodePdu(
        request({
          ...changes,
          body: padded,
          verifier: { ...this.verifier, padLength, ...trailer, token },
        }),
      );
    const octets = make(new Uint8Array(signatureLength), {});
    const bodyEnd = octets.length - signatureLength - trailerLength;
    const signed = octets.subarray(0, octets.length - signatureLength);
    const bodyStart = bodyEnd - padded.length;
    const token = this.#context.sign({ octets: signed, bodyStart, bodyEnd, signHeader });
    return make(token, verifier);
  }
}

/** A connection whose first context is complete. */
export async function secured(
  w: Wire,
  {
    contextId = 1,
    level = levels.integrity,
    flags = 0x13,
  }: { contextId?: number; level?: number; flags?: number } = {},
): Promise<SigningClient> {
  const client = new SigningClient(contextId, level);
  expect(await client.negotiate(w, "bind", flags)).toMatchObject({ type: "bind_ack" });
  await client.finish(w);
  return client;
}
