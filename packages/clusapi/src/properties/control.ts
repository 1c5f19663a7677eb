/** Control codes on objects, with as much room for an answer as it takes. */
import { Status } from "@msrpc/ms-cmrp";
import type { ContextHandle } from "@msrpc/ndr";
import { type CallOptions, RpcError } from "@msrpc/rpc";
import type { Api, ControlledKind } from "../session/kinds.ts";

export interface ControlAnswer {
  readonly outBuffer: Uint8Array;
  /** Other than 0 where what was set has its effect later. */
  readonly returnValue?: number;
}

/** Octets that an answer is first given room for. */
const firstSize = 2048;

/** Runs a code again where its answer needs more room: it says how much. What changes something gives no answer. */
export async function runControl<Handle extends ContextHandle>(
  kind: ControlledKind<Handle>,
  api: Api,
  handle: Handle,
  controlCode: number,
  inBuffer: Uint8Array | null,
  options?: CallOptions,
): Promise<ControlAnswer> {
  for (let outBufferSize = firstSize; ;) {
    try {
      const request = { controlCode, inBuffer, outBufferSize };
      return await kind.control(api, handle, request, options);
    } catch (error) {
      const needed = roomFor(error);
      if (needed <= outBufferSize) throw error;
      outBufferSize = needed;
    }
  }
}

/** The size that an answer asks for which had too little room; 0 for any other error. */
function roomFor(error: unknown): number {
  if (!(error instanceof RpcError) || error.status !== Status.ERROR_MORE_DATA) return 0;
  const { requiredSize = 0 } = (error.response ?? {}) as { readonly requiredSize?: number };
  return requiredSize;
}
