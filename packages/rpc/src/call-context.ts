/** What a handler knows about its call beside the request. */
import type { HandleStore } from "./handle-store.ts";
import { HandleTable } from "./handle-table.ts";
import type { InterfaceDescriptor } from "./interface.ts";
import type { AnyOperation } from "./operation.ts";
import type { AuthLevel, Principal } from "./security.ts";

/** How calls come to a server: over the network, through a Unix socket, or from its own process. */
export type CallerTransport = "tcp" | "unix" | "memory";

/** Who calls, and how well that is known. */
export interface Caller {
  /** Null without authentication. */
  readonly principal: Principal | null;
  readonly level: AuthLevel;
  readonly transport: CallerTransport;
  /** Where the call came from: `192.0.2.7:49200`. Empty unless over TCP. */
  readonly address: string;
  /** The address here that it came to, without a port. Empty unless over TCP. */
  readonly reached: string;
}

/** Who calls in the same process. */
export const ownProcess: Caller = {
  principal: null,
  level: "none",
  transport: "memory",
  address: "",
  reached: "",
};

export interface CallContext {
  /** Aborted when the caller gives up or its connection ends. */
  readonly signal: AbortSignal;
  /** The context handles of the association that are the caller's. */
  readonly handles: HandleTable;
  readonly caller: Caller;
  /** Object UUID that the client's binding names; null without one. */
  readonly object: string | null;
  /** As the IDL names it. */
  readonly operation: string;
  readonly interface: InterfaceDescriptor;
}

/** Asks for a signal, and makes a view of the handles, only when a handler does. */
export class ServerCallContext implements CallContext {
  readonly caller: Caller;
  readonly interface: InterfaceDescriptor;
  readonly #handles: HandleStore;
  readonly #operation: AnyOperation;
  readonly #call: { readonly signal: AbortSignal; readonly object?: string | null };

  constructor(
    call: { readonly signal: AbortSignal; readonly object?: string | null },
    caller: Caller,
    handles: HandleStore,
    operation: AnyOperation,
    descriptor: InterfaceDescriptor,
  ) {
    this.#call = call;
    this.caller = caller;
    this.#handles = handles;
    this.#operation = operation;
    this.interface = descriptor;
  }

  get handles(): HandleTable {
    return new HandleTable(this.#handles, this);
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
