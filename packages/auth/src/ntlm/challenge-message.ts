/** CHALLENGE_MESSAGE ([MS-NLMP] 2.2.1.2): a server chooses, names itself and asks for proof. */
import { fromUtf16, toUtf16 } from "../bytes.ts";
import { flags, has } from "./flags.ts";
import { MessageReader } from "./message-reader.ts";
import { MessageWriter } from "./message-writer.ts";

export interface ChallengeMessage {
  readonly flags: number;
  readonly targetName: string;
  /** Eight octets. */
  readonly serverChallenge: Uint8Array;
  /** AV pairs as they stand on the wire; empty where there are none. */
  readonly targetInfo: Uint8Array;
  /** Eight octets, zero where there is none. */
  readonly version: Uint8Array;
}

const headerLength = 56;

/** @throws SecurityError bad_token */
export function readChallenge(octets: Uint8Array): ChallengeMessage {
  const r = new MessageReader(octets, 2, "CHALLENGE_MESSAGE", 48);
  const value = r.u32(20);
  const target = has(value, flags.requestTarget) ? r.field(12, "TargetName") : new Uint8Array(0);
  const isUnicode = has(value, flags.unicode);
  if (isUnicode && target.length % 2 !== 0) throw r.error("has TargetName of half a character");
  const targetInfo = has(value, flags.targetInfo) ? r.field(40, "TargetInfo") : new Uint8Array(0);
  const hasVersion = has(value, flags.version);
  if (hasVersion && r.payloadStart < headerLength) throw r.error("has no room for its Version");
  if (hasVersion && octets.length < headerLength) throw r.error("ends before its Version");
  return {
    flags: value,
    targetName: isUnicode ? fromUtf16(target) : Buffer.from(target).toString("latin1"),
    serverChallenge: r.octets(24, 8),
    targetInfo,
    version: hasVersion ? r.octets(48, 8) : new Uint8Array(8),
  };
}

/** Text in UTF-16: we agree to nothing else. */
export function writeChallenge(message: ChallengeMessage): Uint8Array {
  const w = new MessageWriter(2, headerLength);
  w.field(12, toUtf16(message.targetName), "TargetName");
  w.u32(20, message.flags);
  w.octets(24, message.serverChallenge);
  if (has(message.flags, flags.targetInfo)) w.field(40, message.targetInfo, "TargetInfo");
  w.octets(48, message.version);
  return w.finish();
}
