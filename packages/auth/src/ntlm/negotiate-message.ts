/** NEGOTIATE_MESSAGE ([MS-NLMP] 2.2.1.1): a client says what it can do. */
import { flags, has } from "./flags.ts";
import { MessageReader } from "./message-reader.ts";
import { MessageWriter } from "./message-writer.ts";

export interface NegotiateMessage {
  readonly flags: number;
  /** In the client's OEM character set; empty where it is not supplied. */
  readonly domain: string;
  readonly workstation: string;
  /** Eight octets, zero where there is none ([MS-NLMP] 2.2.2.10). */
  readonly version: Uint8Array;
}

const headerLength = 40;

/** @throws SecurityError bad_token */
export function readNegotiate(octets: Uint8Array): NegotiateMessage {
  const r = new MessageReader(octets, 1, "NEGOTIATE_MESSAGE", 32);
  const value = r.u32(12);
  const text = (at: number, bit: number, name: string): string =>
    has(value, bit) ? Buffer.from(r.field(at, name)).toString("latin1") : "";
  const domain = text(16, flags.domainSupplied, "DomainName");
  const workstation = text(24, flags.workstationSupplied, "Workstation");
  const hasVersion = has(value, flags.version);
  if (hasVersion && r.payloadStart < headerLength) throw r.error("has no room for its Version");
  if (hasVersion && octets.length < headerLength) throw r.error("ends before its Version");
  const version = hasVersion ? r.octets(32, 8) : new Uint8Array(8);
  return { flags: value, domain, workstation, version };
}

export function writeNegotiate(message: NegotiateMessage): Uint8Array {
  const w = new MessageWriter(1, headerLength);
  w.u32(12, message.flags);
  w.field(16, Buffer.from(message.domain, "latin1"), "DomainName");
  w.field(24, Buffer.from(message.workstation, "latin1"), "Workstation");
  w.octets(32, message.version);
  return w.finish();
}
