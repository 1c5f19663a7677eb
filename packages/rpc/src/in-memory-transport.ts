/** A transport without a network: client and server exchange real stubs in one process. */
import type { ByteOrder, TransferSyntax } from "@msrpc/ndr";
import type { Router } from "./router.ts";
import { RpcFault } from "./rpc-fault.ts";
import type { ServerAssociation, ServerBinding } from "./server-association.ts";
import { faults } from "./status-names.ts";
import type {
  Association,
  InterfaceId,
  Reply,
  StubFormat,
  Transport,
  TransportCallOptions,
} from "./transport.ts";
import { unlessAborted } from "./unless-aborted.ts";

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
      const { syntax = "ndr", byteOrder = "little", onStub = () => {} } = options;
      const server = router.open();
      const binding = server.bind(target, { syntax, byteOrder });
      if (binding === null) throw new RpcFault(faults.unknownInterface);
      return new InMemoryAssociation(target, { syntax, byteOrder }, server, binding, onStub);
    },
  };
}

class InMemoryAssociation implements Association {
  readonly format: StubFormat;
  readonly #target: InterfaceId;
  readonly #server: ServerAssociation;
  readonly #binding: ServerBinding;
  readonly #onStub: (event: StubEvent) => void;
  readonly #end = new AbortController();
  #calls = 0;

  constructor(
    target: InterfaceId,
    format: StubFormat,
    server: ServerAssociation,
    binding: ServerBinding,
    onStub: (event: StubEvent) => void,
  ) {
    this.format = format;
    this.#target = target;
    this.#server = server;
    this.#binding = binding;
    this.#onStub = onStub;
  }

  get isClosed(): boolean {
    return this.#end.signal.aborted;
  }

  async call(opnum: number, stub: Uint8Array, options: TransportCallOptions = {}): Promise<Reply> {
    const ended = this.#end.signal;
    const signal = options.signal === undefined ? ended : AbortSignal.any([options.signal, ended]);
    signal.throwIfAborted();
    const event = { interface: this.#target, opnum, call: ++this.#calls };
    // Copies, as a network would make: neither side sees the other's buffers.
    this.#onStub({ ...event, direction: "request", stub: stub.slice() });
    const served = this.#binding.call(opnum, stub.slice(), { signal });
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
