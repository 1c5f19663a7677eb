/** What a server may make of a PDU, to the last bit of its flags. */
import type { Pdu } from "@msrpc/rpc/pdu";
import { expect } from "vitest";
import type { Wire } from "./wire.ts";

export const status = {
  accessDenied: 5,
  noCallActive: 0x6bd,
  securityPackage: 0x721,
  remoteNoMemory: 0x1c00001b,
  operationRange: 0x1c010002,
  unknownInterface: 0x1c010003,
  protocol: 0x1c01000b,
  tooBusy: 0x1c010014,
} as const;

export interface FaultOutcome {
  readonly callId: number;
  readonly contextId: number;
  /** PFC_DID_NOT_EXECUTE is set. */
  readonly notRun: boolean;
  /** The connection ends. */
  readonly ends: boolean;
}

/** Expects one fault in answer, and says what else must be so. */
export async function expectFault(
  w: Wire,
  pdu: Pdu | Uint8Array,
  code: keyof typeof status,
  { callId, contextId, notRun, ends }: FaultOutcome,
): Promise<void> {
  expect(await w.send(pdu)).toEqual([
    expect.objectContaining({
      type: "fault",
      status: status[code],
      callId,
      contextId,
      flags: notRun ? 0x23 : 0x03,
      cancelCount: 0,
      verifier: null,
    }),
  ]);
  expect(w.ended).toBe(ends);
}

/** Nothing comes back, and the connection stands. */
export async function expectSilence(w: Wire, ...pdus: (Pdu | Uint8Array)[]): Promise<void> {
  expect(await w.send(...pdus)).toEqual([]);
  expect(w.ended).toBe(false);
}

/** A PDU as octets, some of them changed: `[offset, octet]`. */
export function changed(
  octets: Uint8Array,
  ...places: readonly (readonly [at: number, octet: number])[]
): Uint8Array {
  const copy = Uint8Array.from(octets);
  for (const [at, octet] of places) copy[at] = octet;
  return copy;
}
