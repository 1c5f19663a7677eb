/** Servers: handlers for interfaces, typed from their descriptors, and the associations they serve. */
import type { CallContext, Caller } from "./call-context.ts";
import { checkOptions } from "./check-options.ts";
import type { HandleRoom } from "./handle-room.ts";
import { intercepted, type ServerInterceptor } from "./interceptor.ts";
import { checkDescriptor, type InterfaceDescriptor } from "./interface.ts";
import type { AnyOperation, Given, RequestOf, ResultOf } from "./operation.ts";
import { ServerAssociation } from "./server-association.ts";
import { policyKinds, type ServicePolicy } from "./service-policy.ts";
import { demandRuntime } from "./runtime.ts";

/**
 * Answers an operation with what the client's call is to give: the handle it opens, the members that are
 * no status, or nothing. To answer with a status it throws an `RpcError`, with a fault an `RpcFault`.
 */
export type Handler<O> = (
  request: RequestOf<O>,
  context: CallContext,
) => Given<ResultOf<O>> | Promise<Given<ResultOf<O>>>;

/** Handlers of an interface, as its own members. An operation without one answers nca_s_op_rng_error. */
export type Handlers<Operations> = {
  readonly [K in keyof Operations]?: Handler<Operations[K]>;
};

type AnyHandler = (request: object, context: CallContext) => unknown;

/** Where a server failed by itself. */
export interface ServerFailure {
  /** As the IDL names it; empty for a rundown. */
  readonly operation: string;
  /** `decode`: the request was malformed, which is the client's failure. */
  readonly phase: "decode" | "handle" | "encode" | "rundown";
}

/** A call that is answered with a fault. */
export interface FaultedCall {
  readonly status: number;
  /** What the handler threw, or what is wrong with the stub. */
  readonly error: unknown;
  readonly operation: AnyOperation;
  readonly interface: InterfaceDescriptor;
  readonly caller: Caller;
}

export interface RouterOptions {
  /** Hears of every error that clients are told nothing about but a fault code. What it throws is lost. */
  readonly onError: (error: unknown, failure: ServerFailure) => void;
  /** Takes octets behind the last parameter of a request for an error. Default: they are ignored. */
  readonly refuseTrailing?: boolean;
  /** Octets of a response with its pipes, which are gathered before it is sent. Default: 64 MiB. */
  readonly maxPiped?: number;
  /** Where the UUIDs of context handles come from. Default: random ones. */
  readonly newUuid?: () => string;
  /**
   * Says more of a fault to its caller: [MS-EERR] records by type serialization, or null. A fault is not sealed, and what
   * doesn't fit into its PDU is left out. Default: nothing is said beside the status.
   */
  readonly extendedError?: (call: FaultedCall) => Uint8Array | null;
  /** Stand around every handler, the first outermost. Default: none. */
  readonly interceptors?: readonly ServerInterceptor[];
}

/** An interface and its handlers by opnum. */
export interface Service {
  readonly descriptor: InterfaceDescriptor;
  readonly policy: ServicePolicy;
  readonly byOpnum: ReadonlyMap<
    number,
    { readonly operation: AnyOperation; readonly handler: AnyHandler }
  >;
}

/** Interfaces with their handlers. A transport opens an association for each client. */
export interface Router {
  /**
   * Serves an interface. Gives itself back.
   *
   * @throws TypeError for an interface that is served already, what is no descriptor, and a policy that can't be followed
   */
  serve<Operations extends Readonly<Record<string, AnyOperation>>>(
    descriptor: InterfaceDescriptor<Operations>,
    handlers: Handlers<Operations>,
    policy?: ServicePolicy,
  ): Router;
  /** The interfaces that are served. */
  readonly interfaces: readonly InterfaceDescriptor[];
  /** A new association, without handles. They count in `room`, where one is given. */
  open(room?: HandleRoom): ServerAssociation;
}

export function createRouter(options: RouterOptions): Router {
  demandRuntime();
  const services: Service[] = [];
  const onError: RouterOptions["onError"] = (error, failure) => {
    try {
      options.onError(error, failure);
    } catch {
      // The call is to be answered nevertheless, and other handles to be run down.
    }
  };
  const router: Router = {
    serve(descriptor, handlers, policy = {}) {
      checkDescriptor(descriptor);
      checkOptions(`policy of ${descriptor.name}`, policy, policyKinds);
      if (services.some((other) => isSame(other.descriptor, descriptor))) {
        throw new TypeError(`${descriptor.name} is served already`);
      }
      const untyped = handlers as Readonly<Record<string, AnyHandler | undefined>>;
      const byOpnum = new Map<number, { operation: AnyOperation; handler: AnyHandler }>();
      const interceptors = [...(options.interceptors ?? []), ...(policy.interceptors ?? [])];
      for (const [key, operation] of Object.entries<AnyOperation>(descriptor.operations)) {
        const given = Object.hasOwn(untyped, key) ? untyped[key] : undefined;
        if (given === undefined) continue;
        const handler = withInterceptors(interceptors, descriptor, operation, given);
        byOpnum.set(operation.opnum, { operation, handler });
      }
      services.push({ descriptor, policy, byOpnum });
      return router;
    },
    get interfaces() {
      return services.map(({ descriptor }) => descriptor);
    },
    open: (room) => new ServerAssociation(services, { ...options, onError }, room),
  };
  return router;
}

function isSame(one: InterfaceDescriptor, other: InterfaceDescriptor): boolean {
  const { major, minor } = one.version;
  return one.uuid === other.uuid && major === other.version.major && minor === other.version.minor;
}

/** A handler is itself where nothing stands around it. */
function withInterceptors(
  interceptors: readonly ServerInterceptor[],
  descriptor: InterfaceDescriptor,
  operation: AnyOperation,
  handler: AnyHandler,
): AnyHandler {
  if (interceptors.length === 0) return handler;
  const run = intercepted(interceptors, async ({ request, context }) => handler(request, context));
  return (request, context) => run({ interface: descriptor, operation, request, context });
}
