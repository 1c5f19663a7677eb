/** AUTHENTICATE_MESSAGE ([MS-NLMP] 2.2.1.3): a client says who it is and proves it. */
import { toUtf16 } from "../bytes.ts";
import { flags, has } from "./flags.ts";
import { MessageReader } from "./message-reader.ts";
import { MessageWriter } from "./message-writer.ts";

export interface AuthenticateMessage {
  readonly flags: number;
  readonly lmResponse: Uint8Array;
  readonly ntResponse: Uint8Array;
  readonly domain: string;
  readonly user: string;
  readonly workstation: string;
  /** Sixteen octets with key exchange, none without. */
  readonly encryptedSessionKey: Uint8Array;
  /** Eight octets, zero where there is none. */
  readonly version: Uint8Array;
  /** Sixteen octets where the payload leaves room for them; whether they count, an AV pair says. */
  readonly mic: Uint8Array | null;
}

/** Where the MIC stands in the message. */
export const micPlace: { readonly start: number; readonly end: number } = { start: 72, end: 88 };

/** Text in UTF-16: we agree to nothing else. @throws SecurityError bad_token */
export function readAuthenticate(octets: Uint8Array): AuthenticateMessage {
  const r = new MessageReader(octets, 3, "AUTHENTICATE_MESSAGE", 64);
  const value = r.u32(60);
  const lmResponse = r.field(12, "LmChallengeResponse");
  const ntResponse = r.field(20, "NtChallengeResponse");
  const domain = r.text(28, "DomainName");
  const user = r.text(36, "UserName");
  const workstation = r.text(44, "Workstation");
  const encryptedSessionKey = has(value, flags.keyExchange)
    ? r.field(52, "EncryptedRandomSessionKey")
    : new Uint8Array(0);
  if (encryptedSessionKey.length !== 0 && encryptedSessionKey.length !== 16) {
    throw r.error(`has a session key of ${encryptedSessionKey.length} octets, not 16`);
  }
  const room = r.payloadStart;
  const hasVersion = has(value, flags.version) && room >= micPlace.start;
  return {
    flags: value,
    lmResponse,
    ntResponse,
    domain,
    user,
    workstation,
    encryptedSessionKey,
    version: hasVersion ? r.octets(64, 8) : new Uint8Array(8),
    mic: room >= micPlace.end ? r.octets(micPlace.start, 16) : null,
  };
}

/** Leaves no room for a MIC where it is null. */
export function writeAuthenticate(message: AuthenticateMessage): Uint8Array {
  const w = new MessageWriter(3, message.mic === null ? micPlace.start : micPlace.end);
  w.u32(60, message.flags);
  w.octets(64, message.version);
  if (message.mic !== null) w.octets(micPlace.start, message.mic);
  w.field(28, toUtf16(message.domain), "DomainName");
  w.field(36, toUtf16(message.user), "UserName");
  w.field(44, toUtf16(message.workstation), "Workstation");
  w.field(12, message.lmResponse, "LmChallengeResponse");
  w.field(20, message.ntResponse, "NtChallengeResponse");
  w.field(52, message.encryptedSessionKey, "EncryptedRandomSessionKey");
  return w.finish();
}
