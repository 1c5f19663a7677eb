/** Servers: handlers for interfaces, typed from their descriptors, and the associations they serve. */
import type { CallContext } from "./call-context.ts";
import type { InterfaceDescriptor } from "./interface.ts";
import type { AnyOperation, Given, RequestOf, ResultOf } from "./operation.ts";
import type { AuthLevel } from "./security.ts";
import { ServerAssociation } from "./server-association.ts";

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

export interface RouterOptions {
  /** Hears of every error that clients are told nothing about but a fault code. What it throws is lost. */
  readonly onError: (error: unknown, failure: ServerFailure) => void;
  /** Takes octets behind the last parameter of a request for an error. Default: they are ignored. */
  readonly refuseTrailing?: boolean;
  /** Octets of a response with its pipes, which are gathered before it is sent. Default: 64 MiB. */
  readonly maxPiped?: number;
  /** Where the UUIDs of context handles come from. Default: random ones. */
  readonly newUuid?: () => string;
}

/** What a server asks of the callers of an interface. */
export interface ServicePolicy {
  /** Calls with less are answered with ERROR_ACCESS_DENIED. Default: "none". */
  readonly minimumLevel?: AuthLevel;
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
  /** Serves an interface. Gives itself back. */
  serve<Operations extends Readonly<Record<string, AnyOperation>>>(
    descriptor: InterfaceDescriptor<Operations>,
    handlers: Handlers<Operations>,
    policy?: ServicePolicy,
  ): Router;
  /** The interfaces that are served. */
  readonly interfaces: readonly InterfaceDescriptor[];
  /** A new association, without handles. */
  open(): ServerAssociation;
}

export function createRouter(options: RouterOptions): Router {
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
      const untyped = handlers as Readonly<Record<string, AnyHandler | undefined>>;
      const byOpnum = new Map<number, { operation: AnyOperation; handler: AnyHandler }>();
      for (const [key, operation] of Object.entries<AnyOperation>(descriptor.operations)) {
        const handler = Object.hasOwn(untyped, key) ? untyped[key] : undefined;
        if (handler !== undefined) byOpnum.set(operation.opnum, { operation, handler });
      }
      services.push({ descriptor, policy, byOpnum });
      return router;
    },
    get interfaces() {
      return services.map(({ descriptor }) => descriptor);
    },
    open: () => new ServerAssociation(services, { ...options, onError }),
  };
  return router;
}
