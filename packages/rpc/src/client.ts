/** Clients, typed from an interface's descriptor. */
import type { ContextHandle } from "@msrpc/ndr";
import { StubCodec } from "./codec.ts";
import { deadlineSignal, type Limit } from "./deadline.ts";
import { foldResponse } from "./fold.ts";
import type { InterfaceDescriptor } from "./interface.ts";
import { LazySignal } from "./lazy-signal.ts";
import { onAbort } from "./on-abort.ts";
import { OpenedHandle } from "./opened-handle.ts";
import type { AnyOperation, Given, RequestOf, ResultOf } from "./operation.ts";
import { RpcFault } from "./rpc-fault.ts";
import type { Association, Reply, Transport } from "./transport.ts";
import { TransportError } from "./transport-error.ts";
import { unlessAborted } from "./unless-aborted.ts";

export interface CallOptions {
  /** Gives the call up; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** The same at a point in time: the call rejects with a `TimeoutError`. */
  readonly deadline?: Date;
}

export interface ClientOptions {
  /** Milliseconds for a call without a deadline of its own, unless it waits long. Default: no limit. */
  readonly timeout?: number;
  /** Takes octets behind the last parameter of a response for an error. Default: they are ignored. */
  readonly refuseTrailing?: boolean;
  /** Octets of a request with its pipes, which are gathered before it is sent. Default: 64 MiB. */
  readonly maxPiped?: number;
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
 * @throws TypeError for a timeout that is no number
 */
export function createClient<Operations extends Readonly<Record<string, AnyOperation>>>(
  descriptor: InterfaceDescriptor<Operations>,
  transport: Transport,
  options: ClientOptions = {},
): Client<Operations> {
  const { timeout = 0 } = options;
  if (Number.isNaN(timeout)) throw new TypeError("timeout is NaN, which is no time");
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
}

class ClientConnection {
  readonly #descriptor: InterfaceDescriptor;
  readonly #transport: Transport;
  readonly #options: ClientOptions;
  /** Handles whose close was answered. */
  readonly #closed = new WeakSet<object>();
  readonly #end = new AbortController();
  #bound: Promise<Bound> | null = null;

  constructor(descriptor: InterfaceDescriptor, transport: Transport, options: ClientOptions) {
    this.#descriptor = descriptor;
    this.#transport = transport;
    this.#options = options;
  }

  async call(operation: AnyOperation, request: object, options: CallOptions): Promise<unknown> {
    using limit = this.#limit(operation, options);
    limit.signal?.throwIfAborted();
    const bound = await this.#bind(limit.signal);
    return await this.#callOn(bound, operation, request, limit.signal);
  }

  #limit(operation: AnyOperation, options: CallOptions): Limit {
    const timeout = operation.longWait === true ? undefined : this.#options.timeout;
    return deadlineSignal(options, timeout);
  }

  async #callOn(
    { association, codec }: Bound,
    operation: AnyOperation,
    request: object,
    signal: AbortSignal | undefined,
  ): Promise<unknown> {
    const stub =
      operation.inPipes === undefined
        ? codec.encodeRequest(operation, request)
        : await this.#encodePiped(codec, operation, request, signal);
    const reply = await this.#send(association, operation, stub, signal);
    const response = codec.decodeResponse(operation, reply.stub, reply.byteOrder, request);
    const opened = this.#withClose(operation, response, { association, codec });
    const result = foldResponse(operation, opened, this.#descriptor.statusNames ?? {});
    if (operation.closes !== undefined) this.#markClosed(request, operation.closes);
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
    const signals = signal === undefined ? [this.#end.signal] : [this.#end.signal, signal];
    const stops = signals.map((one) => onAbort(one, () => either.abort(one.reason)));
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
    signal: AbortSignal | undefined,
  ): Promise<Reply> {
    try {
      return await association.call(operation.opnum, stub, signal === undefined ? {} : { signal });
    } catch (error) {
      if (error instanceof RpcFault) {
        throw new RpcFault(error.status, operation.name, { cause: error });
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

  /** The association, a new one where the last has ended. Handles do not outlive theirs. */
  async #bind(signal: AbortSignal | undefined): Promise<Bound> {
    for (;;) {
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
    }
  }

  async #associate(): Promise<Bound> {
    const { uuid, version, strictness = 6 } = this.#descriptor;
    const { signal } = this.#end;
    const association = await this.#transport.associate({ uuid, version }, { signal });
    const options = { ...association.format, strictness };
    const { refuseTrailing = false, maxPiped } = this.#options;
    return { association, codec: new StubCodec(options, refuseTrailing, maxPiped) };
  }

  #withClose(operation: AnyOperation, response: object, bound: Bound): object {
    const { opens } = operation;
    if (opens === undefined) return response;
    const handle = (response as Readonly<Record<string, ContextHandle | null>>)[opens.handle];
    if (handle === undefined || handle === null) return response;
    const opened = new OpenedHandle(handle, () => this.#closeHandle(opens.close, opened, bound));
    return { ...response, [opens.handle]: opened };
  }

  /** Of a handle that is closed, or died with its association, nothing is left to close. */
  async #closeHandle(close: string, handle: ContextHandle, bound: Bound): Promise<void> {
    const operation = this.#descriptor.operations[close];
    if (operation?.closes === undefined || this.#closed.has(handle)) return;
    if (bound.association.isClosed) return;
    this.#closed.add(handle);
    using limit = this.#limit(operation, {});
    try {
      await this.#callOn(bound, operation, { [operation.closes]: handle }, limit.signal);
    } catch (error) {
      if (!bound.association.isClosed) throw error;
    }
  }

  #markClosed(request: object, member: string): void {
    const handle = (request as Readonly<Record<string, unknown>>)[member];
    if (typeof handle === "object" && handle !== null) this.#closed.add(handle);
  }
}
