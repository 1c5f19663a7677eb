/** A request's stub with the verification trailer that goes with it ([MS-RPCE] 2.2.2.13). */
import { transferSyntaxes } from "@msrpc/ndr";
import { appendTrailer, pduTypes } from "../pdu/index.ts";
import type { ClientContext } from "./client-context.ts";

export function withTrailer(
  stub: Uint8Array,
  { abstractSyntax, contextId, syntax }: ClientContext,
  request: { readonly opnum: number; readonly callId: number; readonly littleEndian: boolean },
  offeredHeaderSigning: boolean,
): Uint8Array {
  return appendTrailer(stub, {
    headerSigning: offeredHeaderSigning,
    presentation: { abstract: abstractSyntax, transfer: transferSyntaxes[syntax] },
    header: { type: pduTypes.request, contextId, ...request },
  });
}
