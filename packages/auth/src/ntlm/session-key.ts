/** What an AUTHENTICATE_MESSAGE says beside its proof: whose it is, and the session's key ([MS-NLMP] 3.2.5.1.2). */
import { rc4 } from "../crypto/rc4.ts";
import type { AuthenticateMessage } from "./authenticate-message.ts";
import { flags, has } from "./flags.ts";
import { malformed } from "./message-reader.ts";

export function isAnonymous({ user, ntResponse, lmResponse }: AuthenticateMessage): boolean {
  const isEmpty = lmResponse.length === 0 || (lmResponse.length === 1 && lmResponse[0] === 0);
  return user === "" && ntResponse.length === 0 && isEmpty;
}

/** ExportedSessionKey. Some clients exchange a key although nothing is to be signed with it. */
export function sessionKeyOf(
  negotiated: number,
  { encryptedSessionKey }: AuthenticateMessage,
  keyExchangeKey: Uint8Array,
): Uint8Array {
  if (!has(negotiated, flags.keyExchange)) return keyExchangeKey;
  if (encryptedSessionKey.length > 0) return rc4(keyExchangeKey, encryptedSessionKey);
  if (has(negotiated, flags.sign) || has(negotiated, flags.seal)) {
    throw malformed("AUTHENTICATE_MESSAGE lacks the session key that was negotiated");
  }
  return keyExchangeKey;
}
