/** The seam between clients and whatever carries their stubs. */
import type { ByteOrder, TransferSyntax } from "@msrpc/ndr";
import type { InterfaceVersion } from "./interface.ts";
import type { TransportError } from "./transport-error.ts";

/** How the octets of a stub are to be read. */
export interface StubFormat {
  readonly syntax: TransferSyntax;
  readonly byteOrder: ByteOrder;
}

export interface InterfaceId {
  readonly uuid: string;
  readonly version: InterfaceVersion;
}

export interface TransportCallOptions {
  /** Gives the call up: the peer is told, and a late answer is dropped. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Milliseconds to wait for the answer to a call that was given up, which may still be its result. Default: 0.
   */
  readonly cancelTimeout?: number | undefined;
  /** No answer is waited for: the call ends when its request was sent, with an empty reply (PFC_MAYBE). */
  readonly maybe?: boolean | undefined;
}

/** An answer's stub in the syntax of the association; the byte order is its sender's. */
export interface Reply {
  readonly stub: Uint8Array;
  readonly byteOrder: ByteOrder;
}

/** A binding to one interface of one server. Context handles live as long as it does. */
export interface Association {
  /** What requests are to be encoded in. */
  readonly format: StubFormat;
  /** No call can be made any more: it was closed, or its connection has ended. */
  readonly isClosed: boolean;
  /**
   * Sends a request and waits for its answer. Calls may overlap. The stub is the caller's again when this returns, and
   * may then hold another request; that of the reply is the caller's for good.
   *
   * @throws RpcFault for a fault; TransportError; the signal's reason when it is aborted
   */
  call(opnum: number, stub: Uint8Array, options?: TransportCallOptions): Promise<Reply>;
  /** Has a function called once when it ends by itself, with the reason: its context handles are gone then. */
  onEnd?(listener: (error: TransportError) => void): void;
  /** Ends it. Calls under way fail; the server runs its context handles down. */
  close(): Promise<void>;
}

export interface Transport {
  /**
   * Binds to an interface.
   *
   * @throws RpcFault where the server doesn't offer it; TransportError
   */
  associate(target: InterfaceId, options?: TransportCallOptions): Promise<Association>;
}
