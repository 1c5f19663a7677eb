/** What both sides insist on, and other things they share. */
import { createHash, randomBytes } from "node:crypto";
import { type AuthLevel, SecurityError } from "@msrpc/rpc";
import { concat, viewOf } from "../bytes.ts";
import { hmacMd5 } from "../crypto/hash.ts";
import { flags, has } from "./flags.ts";

/** Clock and nonces, for tests with vectors. */
export interface Surroundings {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Octets that nobody can guess. */
  readonly random: (length: number) => Uint8Array;
}

export const realSurroundings: Surroundings = { now: Date.now, random: randomBytes };

/** 10.0 with revision 15 ([MS-NLMP] 2.2.2.10): for debugging only, and of no effect. */
export const ownVersion: Uint8Array = Uint8Array.of(10, 0, 0, 0, 0, 0, 0, 15);

/** Names of flags that are missed, for messages. */
const demanded = [
  ["unicode", "Unicode"],
  ["extendedSecurity", "extended session security"],
  ["key128", "128-bit keys"],
  ["sign", "signing"],
  ["seal", "sealing"],
] as const;

/** @throws SecurityError unsupported: something that the level or the version needs was not negotiated */
export function demandFlags(negotiated: number, level: AuthLevel, needsExtended: boolean): void {
  const needs: Readonly<Record<(typeof demanded)[number][0], boolean>> = {
    unicode: true,
    extendedSecurity: needsExtended,
    key128: needsExtended && level !== "connect",
    sign: level === "packet" || level === "integrity" || level === "privacy",
    seal: level === "privacy",
  };
  const missed = demanded
    .filter(([name]) => needs[name] && !has(negotiated, flags[name]))
    .map(([, title]) => title);
  if (missed.length === 0) return;
  throw new SecurityError("unsupported", `NTLM peer does not agree to ${missed.join(", ")}`);
}

/** The MIC of three messages, the last with zeros for its own ([MS-NLMP] 3.1.5.1.2). */
export function messageCode(sessionKey: Uint8Array, messages: readonly Uint8Array[]): Uint8Array {
  return hmacMd5(sessionKey, ...messages);
}

/**
 * MD5 of a gss_channel_bindings_struct that has only application data (RFC 4121, 4.1.1.2):
 * `tls-server-end-point:` and a hash, for instance.
 */
export function channelBindingHash(applicationData: Uint8Array): Uint8Array {
  const head = new Uint8Array(20);
  viewOf(head).setUint32(16, applicationData.length, true);
  return createHash("md5").update(concat(head, applicationData)).digest();
}
