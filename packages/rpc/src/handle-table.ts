/** The context handles of an association as a call sees them: its caller's, in its interface. */
import type { ContextHandle } from "@msrpc/ndr";
import type { Caller } from "./call-context.ts";
import type { HandleEntry, HandleStore } from "./handle-store.ts";
import type { InterfaceDescriptor } from "./interface.ts";
import { RpcFault } from "./rpc-fault.ts";

export interface HandleOptions {
  /**
   * Operations of other interfaces take such handles as well, as they do without [strict_context_handle]
   * ([MS-RPCE] 3.1.1.5.3.2.2.2). Default: false.
   */
  readonly anyInterface?: boolean;
}

/** A type of context handle and what a server keeps for it. Kinds are compared by identity. */
export interface HandleKind<Handle extends ContextHandle, Data> extends HandleOptions {
  /** For people. */
  readonly name: string;
  /** Lets go of what a handle stood for when its association ends and nobody closed it. */
  readonly rundown?: (data: Data) => void | Promise<void>;
  /** Carries the handle's type; nothing has it at run time. */
  readonly handleType?: Handle;
}

/** `const groups = handleKind<GroupHandle, Group>("group")` */
export function handleKind<Handle extends ContextHandle, Data>(
  name: string,
  rundown?: (data: Data) => void | Promise<void>,
  options: HandleOptions = {},
): HandleKind<Handle, Data> {
  return rundown === undefined ? { name, ...options } : { name, rundown, ...options };
}

/** Whose call it is. */
export interface HandleUser {
  readonly caller: Caller;
  readonly interface: InterfaceDescriptor;
}

/**
 * Handles are valid in the association, for the principal and in the interface that they were opened in, and for the
 * kind that they were opened as ([MS-RPCE] 3.3.1.4.1).
 */
export class HandleTable {
  readonly #store: HandleStore;
  readonly #user: HandleUser;

  constructor(store: HandleStore, user: HandleUser) {
    this.#store = store;
    this.#user = user;
  }

  /** Handles of the association, whosever they are. */
  get size(): number {
    return this.#store.size;
  }

  /**
   * A new handle for `data`. Where the association has ended it is run down at once, and is no handle to `get`.
   *
   * @throws RpcFault nca_s_fault_remote_no_memory where the server has as many as it keeps; `data` is run down then
   */
  open<Handle extends ContextHandle, Data>(kind: HandleKind<Handle, Data>, data: Data): Handle {
    const { caller, interface: descriptor } = this.#user;
    const rundown = (): void | Promise<void> => kind.rundown?.(data);
    const entry = { kind, data, owner: ownerOf(caller), interface: descriptor, rundown };
    return this.#store.add(entry) as Handle;
  }

  /**
   * What a handle stands for.
   *
   * @throws RpcFault nca_s_fault_context_mismatch for one that is closed, of another kind, of another principal, from
   * another interface or not from here
   */
  get<Handle extends ContextHandle, Data>(kind: HandleKind<Handle, Data>, handle: Handle): Data {
    const entry = this.#store.find(handle);
    if (entry === undefined || !this.#mayUse(entry, kind)) throw RpcFault.contextMismatch();
    return entry.data as Data;
  }

  /**
   * Takes a handle out and gives what it stood for. Its rundown is not called.
   *
   * @throws RpcFault as `get`
   */
  close<Handle extends ContextHandle, Data>(kind: HandleKind<Handle, Data>, handle: Handle): Data {
    const data = this.get(kind, handle);
    this.#store.delete(handle);
    return data;
  }

  #mayUse(entry: HandleEntry, kind: HandleOptions): boolean {
    const { caller, interface: descriptor } = this.#user;
    const isHere = kind.anyInterface === true || entry.interface === descriptor;
    return entry.kind === kind && isHere && entry.owner === ownerOf(caller);
  }
}

/**
 * Whose handles, and what else a server keeps for callers, a call may use: text that is the same for the same principal.
 * A SID is the same whatever mechanism has found it; a name is so only to its own.
 */
export function ownerOf({ principal }: Caller): string {
  if (principal === null) return "";
  const { sid, name, mechanism, anonymous } = principal;
  if (anonymous) return "anonymous";
  return sid ?? `${mechanism} ${name.toLowerCase()}`;
}
