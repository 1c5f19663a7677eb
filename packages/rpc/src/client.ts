/** Clients, typed from an interface's descriptor. */
import type { ContextHandle } from "@msrpc/ndr";
import { StubCodec } from "./codec.ts";
import { deadlineSignal, type Limit } from "./deadline.ts";
import { foldResponse } from "./fold.ts";
import { type ClientCall, type ClientInterceptor, intercepted, type Next } from "./interceptor.ts";
import { checkDescriptor, type InterfaceDescriptor } from "./interface.ts";
import { LazySignal } from "./lazy-signal.ts";
import { onAbort } from "./on-abort.ts";
import { OpenedHandle } from "./opened-handle.ts";
import type { AnyOperation, Given, RequestOf, ResultOf } from "./operation.ts";
import { RpcFault } from "./rpc-fault.ts";
import { type ReconnectOptions, retryDelay } from "./reconnect.ts";
import type { Association, Reply, Transport, TransportCallOptions } from "./transport.ts";
import { TransportError } from "./transport-error.ts";
import { pause, unlessAborted } from "./unless-aborted.ts";
import { demandRuntime } from "./runtime.ts";

export interface CallOptions {
  /** Gives the call up; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** The same at a point in time: the call rejects with a `TimeoutError`. */
  readonly deadline?: Date;
  /** The same after so many milliseconds; with a deadline what comes first counts. Default: the client's. */
  readonly timeout?: number;
  /**
   * Milliseconds that a call which was given up goes on waiting, after the server was told to cancel it: an
   * answer that comes is its result after all. Then the server is told that nobody waits. Default: the client's.
   */
  readonly cancelTimeout?: number;
}

/** What a client is told when its association ends unasked. */
export interface HandlesLost {
  /** Handles that operations of the client opened, and that were not closed: the server runs them down. */
  readonly handles: readonly ContextHandle[];
  /** Why. */
  readonly error: TransportError;
}

export interface ClientOptions extends ReconnectOptions {
  /** Milliseconds for a call without a time limit of its own, unless it waits long. Default: no limit. */
  readonly timeout?: number;
  /** Milliseconds to wait for the answer to a call that was given up. Default: 0. */
  readonly cancelTimeout?: number;
  /** Context handles were lost with the connection. Calls with them would be nca_s_fault_context_mismatch. */
  readonly onHandlesLost?: (loss: HandlesLost) => void;
  /** Takes octets behind the last parameter of a response for an error. Default: they are ignored. */
  readonly refuseTrailing?: boolean;
  /** Octets of a request with its pipes, which are gathered before it is sent. Default: 64 MiB. */
  readonly maxPiped?: number;
  /** Stand around every call, the first outermost: around the closing of handles too. Default: none. */
  readonly interceptors?: readonly ClientInterceptor[];
}

/** A handle with its close operation: `await using group = await client.openGroup(...)`. */
export type Opened<Handle extends ContextHandle> = Handle & AsyncDisposable;

/** What a call gives: handles that it opened close themselves at the end of their scope. */
export type ClientResult<Result> = Result extends ContextHandle
  ? Opened<Result>
  : Result extends object
    ? { [K in keyof Result]: Result[K] extends ContextHandle ? Opened<Result[K]> : Result[K] }
    : Result;

/** One operation. The request may be left out where it has no members. */
export type ClientMethod<O> = keyof RequestOf<O> extends never
  ? (request?: Given<RequestOf<O>>, options?: CallOptions) => Promise<ClientResult<ResultOf<O>>>
  : (request: Given<RequestOf<O>>, options?: CallOptions) => Promise<ClientResult<ResultOf<O>>>;

/** An interface's operations as methods. Disposing the client ends its association, and it takes no further calls. */
export type Client<Operations> = {
  readonly [K in keyof Operations]: ClientMethod<Operations[K]>;
} & AsyncDisposable;

/**
 * A client of an interface over a transport. It binds at the first call.
 *
 * Methods throw `RpcError` for a status that is an error, `RpcFault` for a fault, `NdrError` for a
 * request or response that is malformed, `TransportError` where the connection fails or the client was
 * disposed, and the signal's reason for a call given up.
 *
 * @throws TypeError for what is no descriptor or transport, and a timeout that is no number
 */
export function createClient<Operations extends Readonly<Record<string, AnyOperation>>>(
  descriptor: InterfaceDescriptor<Operations>,
  transport: Transport,
  options: ClientOptions = {},
): Client<Operations> {
  demandRuntime();
  checkDescriptor(descriptor);
  if (typeof transport?.associate !== "function") {
    throw new TypeError("the second argument is no transport: tcpTransport makes one of a binding");
  }
  const { timeout = 0, cancelTimeout = 0 } = options;
  for (const [name, time] of Object.entries({ timeout, cancelTimeout })) {
    if (Number.isNaN(time)) throw new TypeError(`${name} is NaN, which is no time`);
  }
  const connection = new ClientConnection(descriptor, transport, options);
  const client: Record<PropertyKey, unknown> = {
    [Symbol.asyncDispose]: () => connection.close(),
  };
  for (const [key, operation] of Object.entries<AnyOperation>(descriptor.operations)) {
    client[key] = (request: object = {}, callOptions: CallOptions = {}) =>
      connection.call(operation, request, callOptions);
  }
  return client as Client<Operations>;
}

/** An association together with the codec of its format. */
interface Bound {
  readonly association: Association;
  readonly codec: StubCodec;
  /** Handles that it opened and that were not closed. */
  readonly open: Set<ContextHandle>;
}

class ClientConnection {
  readonly #descriptor: InterfaceDescriptor;
  readonly #transport: Transport;
  readonly #options: ClientOptions;
  /** Handles whose close was answered. */
  readonly #closed = new WeakSet<object>();
  readonly #end = new AbortController();
  /** The calls with what stands around them; null where nothing does. */
  readonly #intercepted: Next<ClientCall> | null;
  #bound: Promise<Bound> | null = null;

  constructor(descriptor: InterfaceDescriptor, transport: Transport, options: ClientOptions) {
    this.#descriptor = descriptor;
    this.#transport = transport;
    this.#options = options;
    const { interceptors = [] } = options;
    this.#intercepted =
      interceptors.length === 0
        ? null
        : intercepted(interceptors, (call) => this.#callInside(call));
  }

  async call(operation: AnyOperation, request: object, options: CallOptions): Promise<unknown> {
    using limit = this.#limit(operation, options);
    limit.signal?.throwIfAborted();
    if (this.#intercepted !== null) {
      const limited = limit.signal === undefined ? options : { ...options, signal: limit.signal };
      const call = { interface: this.#descriptor, operation, request, options: limited };
      return await this.#intercepted(call);
    }
    return await this.#make(operation, request, options, limit.signal);
  }

  /** One attempt, with the options that interceptors may have changed. */
  async #callInside({ operation, request, options }: ClientCall): Promise<unknown> {
    using limit = deadlineSignal(options, undefined);
    limit.signal?.throwIfAborted();
    return await this.#make(operation, request, options, limit.signal);
  }

  /** Makes a call, again where it can't have run and the policy says so. */
  async #make(
    operation: AnyOperation,
    request: object,
    { cancelTimeout = this.#options.cancelTimeout }: CallOptions,
    signal: AbortSignal | undefined,
  ): Promise<unknown> {
    const options = { signal, cancelTimeout, maybe: operation.maybe };
    for (let attempt = 1; ; attempt++) {
      const bound = await this.#bind(signal);
      try {
        return await this.#callOn(bound, operation, request, options);
      } catch (error) {
        const delay = retryDelay(this.#options, attempt, error, operation);
        if (delay === null) throw error;
        await pause(delay, this.#ends(signal));
      }
    }
  }

  /** What ends a wait: the caller's signal, and that of the client. */
  #ends(signal: AbortSignal | undefined): AbortSignal[] {
    return signal === undefined ? [this.#end.signal] : [this.#end.signal, signal];
  }

  #limit(operation: AnyOperation, options: CallOptions): Limit {
    const timeout = operation.longWait === true ? undefined : this.#options.timeout;
    return deadlineSignal(options, timeout);
  }

  async #callOn(
    { association, codec, open }: Bound,
    operation: AnyOperation,
    request: object,
    options: TransportCallOptions,
  ): Promise<unknown> {
    const stub =
      operation.inPipes === undefined
        ? codec.encodeRequest(operation, request)
        : await this.#encodePiped(codec, operation, request, options.signal);
    const replied = this.#send(association, operation, stub, options);
    codec.takeBack(stub);
    const reply = await replied;
    if (operation.maybe === true) return undefined;
    const response = codec.decodeResponse(operation, reply.stub, reply.byteOrder, request);
    const opened = this.#withClose(operation, response, { association, codec, open });
    const result = foldResponse(operation, opened, this.#descriptor.statusNames ?? {});
    if (operation.closes !== undefined) this.#markClosed(request, operation.closes, open);
    return result;
  }

  /** A source may keep the call waiting until the client is disposed. */
  async #encodePiped(
    codec: StubCodec,
    operation: AnyOperation,
    request: object,
    signal: AbortSignal | undefined,
  ): Promise<Uint8Array> {
    const either = new LazySignal();
    const stops = this.#ends(signal).map((one) => onAbort(one, () => either.abort(one.reason)));
    try {
      return await codec.encodePipedRequest(operation, request, either.signal);
    } finally {
      for (const stop of stops) stop();
    }
  }

  async #send(
    association: Association,
    operation: AnyOperation,
    stub: Uint8Array,
    options: TransportCallOptions,
  ): Promise<Reply> {
    try {
      return await association.call(operation.opnum, stub, options);
    } catch (error) {
      if (error instanceof RpcFault) {
        const { status, mayHaveRun, extendedError } = error;
        const options = { cause: error, mayHaveRun, extendedError };
        throw new RpcFault(status, operation.name, options);
      }
      throw error;
    }
  }

  #disposed(): TransportError {
    return new TransportError("disposed", `the client of ${this.#descriptor.name} was disposed`);
  }

  /** An association that is being made is given up. */
  async close(): Promise<void> {
    this.#end.abort(this.#disposed());
    const bound = this.#bound;
    this.#bound = null;
    const made = await bound?.catch(() => null);
    await made?.association.close();
  }

  /**
   * The association, a new one where the last has ended. Handles do not outlive theirs. A server that ends each
   * connection as it is made is not asked again and again.
   */
  async #bind(signal: AbortSignal | undefined): Promise<Bound> {
    for (let tries = 1; ; tries++) {
      if (this.#end.signal.aborted) throw this.#disposed();
      const bound = (this.#bound ??= this.#associate());
      try {
        const { association } = await unlessAborted(bound, signal);
        if (!association.isClosed) return await bound;
      } catch (error) {
        if (this.#bound === bound && signal?.aborted !== true) this.#bound = null;
        throw error;
      }
      if (this.#bound === bound) this.#bound = null;
      if (tries === 2) {
        const why = "the server ended the connection as soon as it was bound";
        throw new TransportError("closed", why, { mayHaveRun: false });
      }
    }
  }

  async #associate(): Promise<Bound> {
    const { strictness = 6 } = this.#descriptor;
    const association = await this.#reach();
    const options = { ...association.format, strictness };
    const { refuseTrailing = false, maxPiped, onHandlesLost } = this.#options;
    const open = new Set<ContextHandle>();
    association.onEnd?.((error) => {
      if (this.#end.signal.aborted || open.size === 0) return;
      onHandlesLost?.({ handles: [...open], error });
      open.clear();
    });
    return { association, codec: new StubCodec(options, refuseTrailing, maxPiped), open };
  }

  /** Again and again, as the policy says. */
  async #reach(): Promise<Association> {
    const { uuid, version } = this.#descriptor;
    const { signal } = this.#end;
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#transport.associate({ uuid, version }, { signal });
      } catch (error) {
        const delay = retryDelay(this.#options, attempt, error, null);
        if (delay === null) throw error;
        await pause(delay, [signal]);
      }
    }
  }

  #withClose(operation: AnyOperation, response: object, bound: Bound): object {
    const { opens } = operation;
    if (opens === undefined) return response;
    const handle = (response as Readonly<Record<string, ContextHandle | null>>)[opens.handle];
    if (handle === undefined || handle === null) return response;
    const opened = new OpenedHandle(handle, () => this.#closeHandle(opens.close, opened, bound));
    bound.open.add(opened);
    return { ...response, [opens.handle]: opened };
  }

  /** Of a handle that is closed, or died with its association, nothing is left to close. */
  async #closeHandle(close: string, handle: ContextHandle, bound: Bound): Promise<void> {
    const operation = this.#descriptor.operations[close];
    if (operation?.closes === undefined || this.#closed.has(handle)) return;
    if (bound.association.isClosed) return;
    this.#closed.add(handle);
    try {
      await this.call(operation, { [operation.closes]: handle }, {});
    } catch (error) {
      if (!bound.association.isClosed) throw error;
    }
  }

  #markClosed(request: object, member: string, open: Set<ContextHandle>): void {
    const handle = (request as Readonly<Record<string, ContextHandle | null>>)[member];
    if (typeof handle !== "object" || handle === null) return;
    this.#closed.add(handle);
    open.delete(handle);
  }
}
