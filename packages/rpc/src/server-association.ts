/** One client's association on a server: its calls, its handles, its end. */
import { StubCodec } from "./codec.ts";
import { responseOfError, unfoldResult } from "./fold.ts";
import { HandleTable } from "./handle-table.ts";
import type { AnyOperation } from "./operation.ts";
import type { CallContext, RouterOptions, ServerFailure, Service } from "./router.ts";
import { RpcError } from "./rpc-error.ts";
import { RpcFault } from "./rpc-fault.ts";
import { faults } from "./status-names.ts";
import type { InterfaceId, StubFormat } from "./transport.ts";

/** A response in the format of its request, or the status of a fault. */
export type ServerReply =
  { readonly stub: Uint8Array; readonly fault?: undefined } | { readonly fault: number };

export class ServerAssociation {
  readonly handles: HandleTable;
  readonly #services: readonly Service[];
  readonly #options: RouterOptions;
  readonly #codecs = new Map<string, StubCodec>();
  readonly #end = new AbortController();

  constructor(services: readonly Service[], options: RouterOptions) {
    this.#services = services;
    this.#options = options;
    this.handles = new HandleTable(options.newUuid ?? (() => crypto.randomUUID()));
  }

  /** Whether an interface is served: same UUID and major version, at least this minor version. */
  offers(target: InterfaceId): boolean {
    return this.#find(target) !== undefined;
  }

  /** Runs a call. Never rejects: what goes wrong becomes a fault, and the association lives on. */
  async call(
    target: InterfaceId,
    opnum: number,
    stub: Uint8Array,
    format: StubFormat,
    signal?: AbortSignal,
  ): Promise<ServerReply> {
    const service = this.#find(target);
    if (service === undefined) return { fault: faults.unknownInterface };
    const entry = service.byOpnum.get(opnum);
    if (entry === undefined) return { fault: faults.operationRange };
    const { operation, handler } = entry;
    const codec = this.#codec(service, format);
    let request: object;
    try {
      request = codec.decodeRequest(operation, stub);
    } catch (error) {
      this.#report(error, operation, "decode");
      return { fault: faults.badStubData };
    }
    const ended = this.#end.signal;
    const context: CallContext = {
      signal: signal === undefined ? ended : AbortSignal.any([signal, ended]),
      handles: this.handles,
      operation: operation.name,
      interface: service.descriptor,
    };
    const response = await this.#handle(operation, request, () => handler(request, context));
    if (typeof response === "number") return { fault: response };
    try {
      return {
        stub:
          operation.outPipes === undefined
            ? codec.encodeResponse(operation, response, request)
            : await codec.encodePipedResponse(operation, response, request),
      };
    } catch (error) {
      this.#report(error, operation, "encode");
      return { fault: faults.unspecified };
    }
  }

  /** Ends it: calls under way are told, handles are run down. */
  async close(): Promise<void> {
    if (this.#end.signal.aborted) return;
    this.#end.abort(new RpcFault(faults.cancel));
    await this.handles.runDown((error) => this.#report(error, null, "rundown"));
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

  #find({ uuid, version }: InterfaceId): Service | undefined {
    return this.#services.find(({ descriptor }) => {
      const { major, minor } = descriptor.version;
      return descriptor.uuid === uuid && major === version.major && minor >= version.minor;
    });
  }

  #codec(service: Service, { syntax, byteOrder }: StubFormat): StubCodec {
    const { descriptor } = service;
    const { strictness = 6 } = descriptor;
    const key = `${descriptor.uuid} ${descriptor.version.major} ${syntax} ${byteOrder}`;
    let codec = this.#codecs.get(key);
    if (codec === undefined) {
      const refuseTrailing = this.#options.refuseTrailing ?? false;
      codec = new StubCodec({ syntax, byteOrder, strictness }, refuseTrailing);
      this.#codecs.set(key, codec);
    }
    return codec;
  }

  #report(error: unknown, operation: AnyOperation | null, phase: ServerFailure["phase"]): void {
    this.#options.onError(error, { operation: operation?.name ?? "", phase });
  }
}
