/** A transport without a network: client and server exchange real stubs in one process. */
import type { ByteOrder, TransferSyntax } from "@msrpc/ndr";
import { type Caller, ownProcess } from "./call-context.ts";
import { LazySignal } from "./lazy-signal.ts";
import { onAbort } from "./on-abort.ts";
import type { Router } from "./router.ts";
import { RpcFault } from "./rpc-fault.ts";
import type {
  CallInfo,
  ServerAssociation,
  ServerBinding,
  ServerReply,
} from "./server-association.ts";
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
  readonly #underWay = new Set<InMemoryCall>();
  #closed = false;
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
    return this.#closed;
  }

  async call(opnum: number, stub: Uint8Array, options: TransportCallOptions = {}): Promise<Reply> {
    const { signal, maybe = false } = options;
    if (this.#closed) throw new RpcFault(faults.cancel);
    signal?.throwIfAborted();
    const event = { interface: this.#target, opnum, call: ++this.#calls };
    // Copies, as a network would make: neither side sees the other's buffers.
    this.#onStub({ ...event, direction: "request", stub: stub.slice() });
    const served = this.#serve(opnum, stub.slice(), options);
    if (maybe) {
      // Nobody hears how it ended.
      served.catch(() => {});
      return { stub: new Uint8Array(0), byteOrder: this.format.byteOrder };
    }
    const reply = await served;
    if (reply.fault !== undefined) {
      this.#onStub({ ...event, direction: "fault", status: reply.fault });
      throw new RpcFault(reply.fault, "", { extendedError: reply.extendedError?.slice() ?? null });
    }
    this.#onStub({ ...event, direction: "response", stub: reply.stub.slice() });
    return { stub: reply.stub, byteOrder: this.format.byteOrder };
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const call of this.#underWay) call.abort(new RpcFault(faults.cancel));
    await this.#server.close();
  }

  async #serve(
    opnum: number,
    stub: Uint8Array,
    { signal, cancelTimeout = 0 }: TransportCallOptions,
  ): Promise<ServerReply> {
    const call = new InMemoryCall();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const giveUp = ({ reason }: AbortSignal): void => {
      call.cancel(reason);
      if (cancelTimeout > 0) timer = setTimeout(call.abort, cancelTimeout, reason);
      else call.abort(reason);
    };
    const stop = signal === undefined ? null : onAbort(signal, () => giveUp(signal));
    this.#underWay.add(call);
    try {
      this.#binding.call(opnum, stub, call, call.answer);
      const reply = await call.reply;
      if (signal?.aborted === true && reply.fault === faults.cancel) throw signal.reason;
      return reply;
    } finally {
      stop?.();
      clearTimeout(timer);
      this.#underWay.delete(call);
    }
  }
}

/** A call that is answered or given up, whichever comes first. */
class InMemoryCall implements CallInfo {
  readonly caller: Caller = ownProcess;
  readonly reply: Promise<ServerReply>;
  readonly answer: (reply: ServerReply) => void;
  /** Tells the handler to stop. */
  readonly cancel: (reason: unknown) => void;
  readonly abort: (reason: unknown) => void;
  readonly #end = new LazySignal();

  constructor() {
    const { promise, resolve, reject } = Promise.withResolvers<ServerReply>();
    this.reply = promise;
    this.answer = (reply) => {
      resolve(reply.fault === undefined ? { stub: reply.stub.slice() } : reply);
    };
    this.cancel = (reason) => this.#end.abort(reason);
    this.abort = (reason) => {
      this.cancel(reason);
      reject(reason);
    };
  }

  get signal(): AbortSignal {
    return this.#end.signal;
  }
}
