/** What calls of objects begin with ([MS-DCOM] 2.2.13). */
import type { ComVersion, OrpcThis } from "@msrpc/ms-dcom";
import { formatUuid, type InterfacePointer } from "@msrpc/ndr";
import { DcomError } from "./dcom-error.ts";

/** The newest version of DCOM ([MS-DCOM] 2.2.11). */
export const comVersion: ComVersion = { major: 5, minor: 7 };

/**
 * The `orpcThis` of a call that is part of no other: with a causality identifier of its own.
 *
 * `version`: what client and server agreed on. `cid`: that of the call which this one is made for.
 */
export function newCall(
  version: ComVersion = comVersion,
  cid: string = crypto.randomUUID(),
): OrpcThis {
  return { version, flags: 0, reserved1: 0, cid, extensions: null };
}

/**
 * The interface that a pointer is to, which for one with [iid_is] is the one asked for ([MS-DCOM] 2.2.17).
 *
 * @throws DcomError for fewer octets than any reference has
 */
export function iidOf(pointer: InterfacePointer): string {
  const { buffer, byteOffset, length } = pointer;
  if (length < 24) throw new DcomError(`a reference has more than ${length} octets`, length);
  return formatUuid(new DataView(buffer, byteOffset, length), 8, true);
}
