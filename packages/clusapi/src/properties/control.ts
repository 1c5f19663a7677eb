/** Control codes on objects, with as much room for an answer as it takes. */
import { Status } from "@msrpc/ms-cmrp";
import type { ContextHandle } from "@msrpc/ndr";
import { type CallOptions, RpcError } from "@msrpc/rpc";
import type { NodeHandle } from "@msrpc/ms-cmrp/clusapi3";
import { type Api, type ControlAnswer, type ControlledKind, nodeKind } from "../session/kinds.ts";
import type { Session } from "../session/session.ts";

export interface ControlOptions extends CallOptions {
  /** Name of the node that runs it. Default: the one that answers. */
  readonly on?: string;
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
  host?: NodeHandle,
): Promise<ControlAnswer> {
  for (let outBufferSize = firstSize; ;) {
    try {
      const request = { controlCode, inBuffer, outBufferSize };
      return host === undefined
        ? await kind.control(api, handle, request, options)
        : await kind.controlOn(api, handle, host, request, options);
    } catch (error) {
      const needed = roomFor(error);
      if (needed <= outBufferSize) throw error;
      outBufferSize = needed;
    }
  }
}

/** The same with an object's name, on a node of choice where one is said. Gives the octets of the answer. */
export async function control<Handle extends ContextHandle>(
  session: Session,
  kind: ControlledKind<Handle>,
  name: string,
  controlCode: number,
  input: Uint8Array | null,
  { on, ...options }: ControlOptions = {},
): Promise<Uint8Array> {
  const run = async (host?: NodeHandle): Promise<ControlAnswer> =>
    await session.use(kind, name, (api, handle) =>
      runControl(kind, api, handle, controlCode, input, options, host),
    );
  if (on === undefined) return (await run()).outBuffer;
  return await session.use(nodeKind, on, async (_, host) => (await run(host)).outBuffer);
}

/** The size that an answer asks for which had too little room; 0 for any other error. */
function roomFor(error: unknown): number {
  if (!(error instanceof RpcError) || error.status !== Status.ERROR_MORE_DATA) return 0;
  const { requiredSize = 0 } = (error.response ?? {}) as { readonly requiredSize?: number };
  return requiredSize;
}
