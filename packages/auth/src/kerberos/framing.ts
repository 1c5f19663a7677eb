/** The frame around a first token (RFC 2743, 3.1; RFC 4121, 4.1). */
import { DerReader, oidText, tags } from "../spnego/der.ts";
import { oids } from "./native/constants.ts";

/** What says that an AP-REQ follows in a frame. */
const requestId = [1, 0];

/** The tag of an AP-REQ (RFC 4120, 5.5.1). */
const requestTag = 0x6e;

/** Whether a token can be the first of Kerberos in DCE style. */
export function isRequest(token: Uint8Array): boolean {
  return token[0] === requestTag;
}

/**
 * A first token without its frame. In DCE style there is to be none, and the library takes none; some clients
 * send one all the same, as Windows lets them. Whatever is no such frame stays as it is, for the library to judge.
 */
export function withoutFrame(token: Uint8Array): Uint8Array {
  if (token[0] !== tags.application0) return token;
  try {
    const outer = new DerReader(token);
    const contents = outer.take(tags.application0, "the token");
    outer.end("the token");
    const inner = new DerReader(contents);
    const element = inner.whole(tags.oid, "the mechanism");
    const mechanism = oidText(new DerReader(element).take(tags.oid, "the mechanism"));
    const rest = contents.subarray(element.length);
    const isNamed = requestId.every((octet, at) => rest[at] === octet);
    return mechanism === oids.kerberos && isNamed ? rest.subarray(requestId.length) : token;
  } catch {
    return token;
  }
}
