/** One client's association on a server: its calls, its handles, its end. */
import { NdrError } from "@msrpc/ndr";
import { type Caller, ServerCallContext } from "./call-context.ts";
import { StubCodec } from "./codec.ts";
import { responseOfError, unfoldResult } from "./fold.ts";
import type { HandleRoom } from "./handle-room.ts";
import { HandleStore } from "./handle-store.ts";
import type { AnyOperation } from "./operation.ts";
import type { RouterOptions, ServerFailure, Service } from "./router.ts";
import { RpcError } from "./rpc-error.ts";
import { RpcFault } from "./rpc-fault.ts";
import { faults } from "./status-names.ts";
import type { InterfaceId, StubFormat } from "./transport.ts";

/** A response in the format of its request, or the status of a fault with what is said beside it. */
export type ServerReply =
  | { readonly stub: Uint8Array; readonly fault?: undefined }
  | { readonly fault: number; readonly extendedError?: Uint8Array };

/** What a transport knows of a call beside its stub. */
export interface CallInfo {
  /** Read at the first need, so that calls whose handler never asks go without one. */
  readonly signal: AbortSignal;
  readonly caller: Caller;
  /** Object UUID that the request carries. */
  readonly object?: string | null;
  /** Nobody waits for the answer, and none is made. Default: false. */
  readonly orphaned?: boolean;
  /** The stub is to be read before `call` returns, and nothing of it kept. Default: false. */
  readonly isStubLent?: boolean;
  /**
   * Takes what stands behind the parameters, from an offset in the stub, and gives the number of those
   * octets that belong to the transport.
   *
   * @throws RpcFault that the call is then answered with
   */
  checkRest?(stub: Uint8Array, from: number): number;
}

export class ServerAssociation {
  readonly handles: HandleStore;
  readonly #services: readonly Service[];
  readonly #options: RouterOptions;
  #closed = false;

  constructor(services: readonly Service[], options: RouterOptions, room?: HandleRoom) {
    this.#services = services;
    this.#options = options;
    this.handles = new HandleStore(
      options.newUuid ?? (() => crypto.randomUUID()),
      (error) => options.onError(error, { operation: "", phase: "rundown" }),
      room,
    );
  }

  /** Whether an interface is served: same UUID and major version, at least this minor version. */
  offers(target: InterfaceId): boolean {
    return this.#find(target) !== undefined;
  }

  /** An interface in a format; null where it isn't served. */
  bind(target: InterfaceId, format: StubFormat): ServerBinding | null {
    const service = this.#find(target);
    if (service === undefined) return null;
    return new ServerBinding(service, format, this.handles, this.#options);
  }

  /**
   * Runs the handles down. Calls under way are their transport's to abort.
   */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.handles.runDown();
  }

  #find({ uuid, version }: InterfaceId): Service | undefined {
    return this.#services.find(({ descriptor }) => {
      const { major, minor } = descriptor.version;
      return descriptor.uuid === uuid && major === version.major && minor >= version.minor;
    });
  }
}

/** A call whose request was understood. */
interface RunningCall {
  readonly operation: AnyOperation;
  readonly request: object;
  readonly call: CallInfo;
  readonly answer: (reply: ServerReply) => void;
}

/** Of responses: far from those that clients start with. */
const firstReferent = 0x200_0000;

/** An interface of an association in one format. */
export class ServerBinding {
  readonly service: Service;
  readonly #handles: HandleStore;
  readonly #options: RouterOptions;
  readonly #codec: StubCodec;

  constructor(
    service: Service,
    { syntax, byteOrder }: StubFormat,
    handles: HandleStore,
    options: RouterOptions,
  ) {
    this.service = service;
    this.#handles = handles;
    this.#options = options;
    const { descriptor, policy } = service;
    const strictness = policy.strictness ?? descriptor.strictness ?? 6;
    const { refuseTrailing = false, maxPiped } = options;
    const format = { syntax, byteOrder, strictness, firstReferent };
    this.#codec = new StubCodec(format, refuseTrailing, maxPiped);
  }

  /**
   * Runs a call and answers it, at once where its handler does. Never throws: what goes wrong becomes a fault, and the
   * association lives on. The stub is the call's own from now on, unless it is lent; that of the reply is gone when `answer` returns, which
   * must not throw either.
   */
  call(
    opnum: number,
    stub: Uint8Array,
    call: CallInfo,
    answer: (reply: ServerReply) => void,
  ): void {
    const entry = this.service.byOpnum.get(opnum);
    if (entry === undefined) return answer({ fault: faults.operationRange });
    const { operation, handler } = entry;
    let request: object;
    try {
      request = this.#codec.decodeRequest(operation, stub, call);
    } catch (error) {
      this.#report(error, operation, "decode");
      const status = error instanceof RpcFault ? error.status : faults.badStubData;
      return answer(this.#fault(status, error, operation, call));
    }
    const { descriptor } = this.service;
    const context = new ServerCallContext(call, call.caller, this.#handles, operation, descriptor);
    const running = { operation, request, call, answer };
    let result: unknown;
    try {
      result = handler(request, context);
    } catch (thrown) {
      return this.#failed(running, thrown);
    }
    if (isPromise(result)) this.#await(running, result);
    else this.#done(running, result);
  }

  #await(running: RunningCall, result: PromiseLike<unknown>): void {
    result.then(
      (given) => this.#done(running, given),
      (thrown: unknown) => this.#failed(running, thrown),
    );
  }

  #done(running: RunningCall, result: unknown): void {
    const { operation, request } = running;
    let response: object;
    try {
      response = unfoldResult(operation, result, request);
    } catch (error) {
      return this.#failed(running, error);
    }
    this.#respond(running, response);
  }

  #failed(running: RunningCall, thrown: unknown): void {
    const { operation, request, call, answer } = running;
    const fault = (status: number): void => answer(this.#fault(status, thrown, operation, call));
    if (thrown instanceof RpcFault) return fault(thrown.status);
    if (thrown instanceof RpcError) {
      const response = this.#answerOf(thrown, operation, request);
      if (typeof response === "number") return fault(response);
      return this.#respond(running, response);
    }
    // What was given up ends as Node's own functions do that were given the signal.
    if (isAbortError(thrown) && call.signal.aborted) return answer({ fault: faults.cancel });
    this.#report(thrown, operation, "handle");
    fault(faultOf(thrown));
  }

  #respond(running: RunningCall, response: object): void {
    const { operation, request, call, answer } = running;
    if (call.orphaned === true) return answer({ fault: faults.cancel });
    if (operation.outPipes !== undefined) return this.#respondPiped(running, response);
    let stub: Uint8Array;
    try {
      stub = this.#codec.encodeResponse(operation, response, request);
    } catch (error) {
      this.#report(error, operation, "encode");
      return answer(this.#fault(faultOf(error), error, operation, call));
    }
    answer({ stub });
    this.#codec.takeBack(stub);
  }

  #respondPiped({ operation, request, call, answer }: RunningCall, response: object): void {
    const { signal } = call;
    this.#codec.encodePipedResponse(operation, response, request, signal).then(
      (stub) => answer({ stub }),
      (error: unknown) => {
        // Nobody waits for the rest of its pipes.
        if (signal.aborted) return answer({ fault: faults.cancel });
        this.#report(error, operation, "encode");
        answer(this.#fault(faults.unspecified, error, operation, call));
      },
    );
  }

  /** The request may ask for an answer that is too large to be made. */
  #answerOf(error: RpcError, operation: AnyOperation, request: object): object | number {
    try {
      return responseOfError(operation, error, request) ?? error.status;
    } catch (failure) {
      this.#report(failure, operation, "encode");
      return faultOf(failure);
    }
  }

  /** A fault, with what the router has to say of it. */
  #fault(status: number, error: unknown, operation: AnyOperation, call: CallInfo): ServerReply {
    const { extendedError } = this.#options;
    if (extendedError === undefined) return { fault: status };
    const { caller } = call;
    const { descriptor } = this.service;
    try {
      const octets = extendedError({ status, error, operation, interface: descriptor, caller });
      return octets === null ? { fault: status } : { fault: status, extendedError: octets };
    } catch (failure) {
      this.#report(failure, operation, "encode");
      return { fault: status };
    }
  }

  #report(error: unknown, operation: AnyOperation, phase: ServerFailure["phase"]): void {
    this.#options.onError(error, { operation: operation.name, phase });
  }
}

/** A request may ask for an answer that is too large to be made; whatever else goes wrong is the server's affair. */
function faultOf(error: unknown): number {
  const isTooMuch = error instanceof NdrError && error.code === "count_too_large";
  return isTooMuch ? faults.remoteNoMemory : faults.unspecified;
}

function isPromise(result: unknown): result is PromiseLike<unknown> {
  return typeof (result as Partial<PromiseLike<unknown>> | null | undefined)?.then === "function";
}

function isAbortError(thrown: unknown): boolean {
  return thrown instanceof Error && thrown.name === "AbortError";
}
