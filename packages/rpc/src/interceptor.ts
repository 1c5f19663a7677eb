/** Interceptors: what stands around calls, at a client or at a server. */
import type { CallContext } from "./call-context.ts";
import type { CallOptions } from "./client.ts";
import type { InterfaceDescriptor } from "./interface.ts";
import type { AnyOperation, RequestOf } from "./operation.ts";

/** What clients and servers have in common of a call. */
export interface InterceptedCall {
  readonly interface: InterfaceDescriptor;
  /** With its name in the IDL and its opnum. */
  readonly operation: AnyOperation;
  /** `isCallOf` tells its type. */
  readonly request: object;
}

/** A call that a client makes. */
export interface ClientCall extends InterceptedCall {
  /** The signal is aborted at the deadline too, and after the client's `timeout`: they are for the call with all its attempts. */
  readonly options: CallOptions;
}

/** A call that a server answers. */
export interface ServerCall extends InterceptedCall {
  readonly context: CallContext;
}

/**
 * Goes on with a call, which may be a changed copy of the one that came. At a client it gives what the method gives, at
 * a server what the handler gives; it throws what they throw.
 */
export type Next<Call extends InterceptedCall> = (call: Call) => Promise<unknown>;

/**
 * Wraps what comes after it: `(next) => async (call) => { ...; return await next(call); }`. It may measure, change the
 * request or the result, go on more than once, answer by itself, and throw `RpcError` or `RpcFault`. A function that is
 * generic in the call is an interceptor for both sides.
 */
export type Interceptor<Call extends InterceptedCall> = (next: Next<Call>) => Next<Call>;

export type ClientInterceptor = Interceptor<ClientCall>;
export type ServerInterceptor = Interceptor<ServerCall>;

/** The first interceptor is the outermost: it sees a call first and its result last. */
export function intercepted<Call extends InterceptedCall>(
  interceptors: readonly Interceptor<Call>[],
  last: Next<Call>,
): Next<Call> {
  return interceptors.reduceRight((next, interceptor) => interceptor(next), last);
}

/** Whether a call is of one operation, given by its key in the descriptor: its request then has a type. */
export function isCallOf<
  Call extends InterceptedCall,
  Operations extends Readonly<Record<string, AnyOperation>>,
  Key extends keyof Operations,
>(
  call: Call,
  descriptor: InterfaceDescriptor<Operations>,
  operation: Key,
): call is Call & { readonly request: RequestOf<Operations[Key]> } {
  return call.operation === descriptor.operations[operation];
}
