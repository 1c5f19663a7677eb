/** Holds a request to its verification trailer ([MS-RPCE] 2.2.2.13). */
import { findTrailer, pduTypes, PduError, sameSyntax } from "../pdu/index.ts";
import { RpcFault } from "../rpc-fault.ts";
import { faults } from "../status-names.ts";
import type { ServerContext } from "./server-context.ts";

/** What a trailer speaks of. */
export interface VerifiedRequest {
  readonly callId: number;
  readonly opnum: number;
  readonly littleEndian: boolean;
  readonly context: ServerContext;
}

/**
 * Octets from `from` on that are padding and trailer; 0 where there is no trailer.
 *
 * @throws RpcFault ERROR_ACCESS_DENIED where the trailer contradicts the request
 */
export function checkTrailer(
  call: VerifiedRequest,
  stub: Uint8Array,
  from: number,
  headerSigning: boolean,
): number {
  let trailer: ReturnType<typeof findTrailer>;
  try {
    trailer = findTrailer(stub, from);
  } catch (cause) {
    if (cause instanceof PduError) throw new RpcFault(faults.accessDenied, "", { cause });
    throw cause;
  }
  if (trailer === null) return 0;
  const { presentation, header } = trailer;
  const { agreed, transferSyntax } = call.context;
  const agrees =
    (trailer.headerSigning !== true || headerSigning) &&
    (presentation === null ||
      (sameSyntax(presentation.abstract, agreed.abstractSyntax) &&
        sameSyntax(presentation.transfer, transferSyntax))) &&
    (header === null ||
      (header.type === pduTypes.request &&
        header.littleEndian === call.littleEndian &&
        header.callId === call.callId &&
        header.contextId === agreed.contextId &&
        header.opnum === call.opnum));
  if (!agrees) throw new RpcFault(faults.accessDenied);
  return stub.length - from;
}
