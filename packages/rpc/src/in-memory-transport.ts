/** A transport without a network: client and server exchange real stubs in one process. */
import type { ByteOrder, TransferSyntax } from "@msrpc/ndr";
import type { Router } from "./router.ts";
import { RpcFault } from "./rpc-fault.ts";
import type { ServerAssociation } from "./server-association.ts";
import { faults } from "./status-names.ts";
import type {
  Association,
  InterfaceId,
  Reply,
  StubFormat,
  Transport,
  TransportCallOptions,
} from "./transport.ts";

/** What went over: the octets of a request or response, or the status of a fault. */
export type StubEvent = {
  readonly interface: InterfaceId;
  readonly opnum: number;
  /** Counts the calls of an association from 1, so that overlapping ones can be told apart. */
  readonly call: number;
} & (
  | { readonly direction: "request" | "response"; readonly stub: Uint8Array }
  | { readonly direction: "fault"; readonly status: number }
);

export interface InMemoryOptions {
  /** Default: "ndr". */
  readonly syntax?: TransferSyntax;
  /** Default: "little". */
  readonly byteOrder?: ByteOrder;
  /** Sees everything that is exchanged, in order. */
  readonly onStub?: (event: StubEvent) => void;
}

/** A transport to the handlers of `router`. */
export function inMemoryTransport(router: Router, options: InMemoryOptions = {}): Transport {
  return {
    async associate(target, { signal } = {}) {
      signal?.throwIfAborted();
      const server = router.open();
      if (!server.offers(target)) throw new RpcFault(faults.unknownInterface);
      return new InMemoryAssociation(target, server, options);
    },
  };
}

class InMemoryAssociation implements Association {
  readonly format: StubFormat;
  readonly #target: InterfaceId;
  readonly #server: ServerAssociation;
  readonly #onStub: (event: StubEvent) => void;
  readonly #end = new AbortController();
  #calls = 0;

  constructor(target: InterfaceId, server: ServerAssociation, options: InMemoryOptions) {
    this.format = { syntax: options.syntax ?? "ndr", byteOrder: options.byteOrder ?? "little" };
    this.#target = target;
    this.#server = server;
    this.#onStub = options.onStub ?? (() => {});
  }

  async call(opnum: number, stub: Uint8Array, options: TransportCallOptions = {}): Promise<Reply> {
    const ended = this.#end.signal;
    const signal = options.signal === undefined ? ended : AbortSignal.any([options.signal, ended]);
    signal.throwIfAborted();
    const event = { interface: this.#target, opnum, call: ++this.#calls };
    // Copies, as a network would make: neither side sees the other's buffers.
    this.#onStub({ ...event, direction: "request", stub: stub.slice() });
    const served = this.#server.call(this.#target, opnum, stub.slice(), this.format, signal);
    const reply = await unlessAborted(served, signal);
    if (reply.fault !== undefined) {
      this.#onStub({ ...event, direction: "fault", status: reply.fault });
      throw new RpcFault(reply.fault);
    }
    this.#onStub({ ...event, direction: "response", stub: reply.stub.slice() });
    return { stub: reply.stub.slice(), byteOrder: this.format.byteOrder };
  }

  async close(): Promise<void> {
    this.#end.abort(new RpcFault(faults.cancel));
    await this.#server.close();
  }
}

/** The promise's value, or the signal's reason at once when it is aborted before. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
