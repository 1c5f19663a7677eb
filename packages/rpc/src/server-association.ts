/** One client's association on a server: its calls, its handles, its end. */
import { anonymousCaller, type Caller, ServerCallContext } from "./call-context.ts";
import { StubCodec } from "./codec.ts";
import { responseOfError, unfoldResult } from "./fold.ts";
import { HandleTable } from "./handle-table.ts";
import type { AnyOperation } from "./operation.ts";
import type { RouterOptions, ServerFailure, Service } from "./router.ts";
import { RpcError } from "./rpc-error.ts";
import { RpcFault } from "./rpc-fault.ts";
import { faults } from "./status-names.ts";
import type { InterfaceId, StubFormat } from "./transport.ts";

/** A response in the format of its request, or the status of a fault. */
export type ServerReply =
  { readonly stub: Uint8Array; readonly fault?: undefined } | { readonly fault: number };

/** What a transport knows of a call beside its stub. */
export interface CallInfo {
  /** Read at the first need, so that calls whose handler never asks go without one. */
  readonly signal: AbortSignal;
  /** Default: nobody in particular. */
  readonly caller?: Caller;
  /** Object UUID that the request carries. */
  readonly object?: string | null;
  /**
   * Takes what stands behind the parameters, from an offset in the stub, and gives the number of those
   * octets that belong to the transport.
   *
   * @throws RpcFault that the call is then answered with
   */
  checkRest?(stub: Uint8Array, from: number): number;
}

export class ServerAssociation {
  readonly handles: HandleTable;
  readonly #services: readonly Service[];
  readonly #options: RouterOptions;
  #closed = false;

  constructor(services: readonly Service[], options: RouterOptions) {
    this.#services = services;
    this.#options = options;
    this.handles = new HandleTable(options.newUuid ?? (() => crypto.randomUUID()));
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
    await this.handles.runDown((error) => {
      this.#options.onError(error, { operation: "", phase: "rundown" });
    });
  }

  #find({ uuid, version }: InterfaceId): Service | undefined {
    return this.#services.find(({ descriptor }) => {
      const { major, minor } = descriptor.version;
      return descriptor.uuid === uuid && major === version.major && minor >= version.minor;
    });
  }
}

/** An interface of an association in one format. */
export class ServerBinding {
  readonly service: Service;
  readonly #handles: HandleTable;
  readonly #options: RouterOptions;
  readonly #codec: StubCodec;

  constructor(
    service: Service,
    { syntax, byteOrder }: StubFormat,
    handles: HandleTable,
    options: RouterOptions,
  ) {
    this.service = service;
    this.#handles = handles;
    this.#options = options;
    const { strictness = 6 } = service.descriptor;
    const { refuseTrailing = false, maxPiped } = options;
    this.#codec = new StubCodec({ syntax, byteOrder, strictness }, refuseTrailing, maxPiped);
  }

  /** Runs a call. Never rejects: what goes wrong becomes a fault, and the association lives on. */
  async call(opnum: number, stub: Uint8Array, call: CallInfo): Promise<ServerReply> {
    const entry = this.service.byOpnum.get(opnum);
    if (entry === undefined) return { fault: faults.operationRange };
    const { operation, handler } = entry;
    let request: object;
    try {
      request = this.#codec.decodeRequest(operation, stub, call);
    } catch (error) {
      this.#report(error, operation, "decode");
      return { fault: error instanceof RpcFault ? error.status : faults.badStubData };
    }
    const { descriptor } = this.service;
    const caller = call.caller ?? anonymousCaller;
    const context = new ServerCallContext(call, caller, this.#handles, operation, descriptor);
    const response = await this.#handle(operation, request, () => handler(request, context));
    if (typeof response === "number") return { fault: response };
    try {
      return {
        stub:
          operation.outPipes === undefined
            ? this.#codec.encodeResponse(operation, response, request)
            : await this.#codec.encodePipedResponse(operation, response, request, call.signal),
      };
    } catch (error) {
      // Nobody waits for the rest of its pipes.
      if (operation.outPipes !== undefined && call.signal.aborted) return { fault: faults.cancel };
      this.#report(error, operation, "encode");
      return { fault: faults.unspecified };
    }
  }

  /** The response, or the status of a fault. */
  async #handle(
    operation: AnyOperation,
    request: object,
    run: () => unknown,
  ): Promise<object | number> {
    try {
      return unfoldResult(operation, await run(), request);
    } catch (thrown) {
      if (thrown instanceof RpcFault) return thrown.status;
      if (thrown instanceof RpcError) return this.#answerOf(thrown, operation, request);
      this.#report(thrown, operation, "handle");
      return faults.unspecified;
    }
  }

  /** The request may ask for an answer that is too large to be made. */
  #answerOf(error: RpcError, operation: AnyOperation, request: object): object | number {
    try {
      return responseOfError(operation, error, request) ?? error.status;
    } catch (failure) {
      this.#report(failure, operation, "encode");
      return faults.unspecified;
    }
  }

  #report(error: unknown, operation: AnyOperation, phase: ServerFailure["phase"]): void {
    this.#options.onError(error, { operation: operation.name, phase });
  }
}
