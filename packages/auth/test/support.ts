/** What the tests of this package share. */
import type { ProtectedPdu, SecurityContext } from "@msrpc/rpc";

export { hex, octets } from "../../../test/support/hex.ts";

export function repeat(octet: number, length: number): Uint8Array {
  return new Uint8Array(length).fill(octet);
}

/** A PDU with a header of 24 octets and a trailer of 8 around its body. */
export function pduOf(body: Uint8Array, header = 24, trailer = 8): ProtectedPdu {
  const whole = new Uint8Array(header + body.length + trailer).fill(0x5a);
  whole.set(body, header);
  return {
    octets: whole,
    bodyStart: header,
    bodyEnd: header + body.length,
    signHeader: true,
  };
}

export function bodyOf({ octets: whole, bodyStart, bodyEnd }: ProtectedPdu): Uint8Array {
  return whole.slice(bodyStart, bodyEnd);
}

/** Lets two contexts exchange tokens until both are complete; gives the tokens in order. */
export async function exchange(
  client: SecurityContext,
  server: SecurityContext,
): Promise<Uint8Array[]> {
  const tokens: Uint8Array[] = [];
  let fromServer: Uint8Array | null = null;
  for (let leg = 0; leg < 10; leg++) {
    const ours = await client.step(fromServer);
    if (ours.token === null) return tokens;
    tokens.push(ours.token);
    const theirs = await server.step(ours.token);
    if (theirs.token !== null) tokens.push(theirs.token);
    if (ours.complete && theirs.complete) return tokens;
    fromServer = theirs.token;
  }
  throw new Error("the exchange does not end");
}
