/** What a handler knows about its call beside the request. */
import type { HandleTable } from "./handle-table.ts";
import type { InterfaceDescriptor } from "./interface.ts";
import type { AnyOperation } from "./operation.ts";
import type { AuthLevel, Principal } from "./security.ts";

/** Who calls, and how well that is known. */
export interface Caller {
  /** Null without authentication. */
  readonly principal: Principal | null;
  readonly level: AuthLevel;
  /** Where the call came from: `192.0.2.7:49200`. Empty where it came over no network. */
  readonly address: string;
}

export const anonymousCaller: Caller = { principal: null, level: "none", address: "" };

export interface CallContext {
  /** Aborted when the caller gives up or its connection ends. */
  readonly signal: AbortSignal;
  /** The context handles of the association. */
  readonly handles: HandleTable;
  readonly caller: Caller;
  /** Object UUID that the client's binding names; null without one. */
  readonly object: string | null;
  /** As the IDL names it. */
  readonly operation: string;
  readonly interface: InterfaceDescriptor;
}

/** Asks the transport for a signal only when a handler does. */
export class ServerCallContext implements CallContext {
  readonly handles: HandleTable;
  readonly caller: Caller;
  readonly interface: InterfaceDescriptor;
  readonly #operation: AnyOperation;
  readonly #call: { readonly signal: AbortSignal; readonly object?: string | null };

  constructor(
    call: { readonly signal: AbortSignal; readonly object?: string | null },
    caller: Caller,
    handles: HandleTable,
    operation: AnyOperation,
    descriptor: InterfaceDescriptor,
  ) {
    this.#call = call;
    this.caller = caller;
    this.handles = handles;
    this.#operation = operation;
    this.interface = descriptor;
  }

  get signal(): AbortSignal {
    return this.#call.signal;
  }

  get object(): string | null {
    return this.#call.object ?? null;
  }

  get operation(): string {
    return this.#operation.name;
  }
}
