/** The context handles that a server has given out in one association. */
import { ContextHandle } from "@msrpc/ndr";
import { RpcFault } from "./rpc-fault.ts";

/** A type of context handle and what a server keeps for it. Kinds are compared by identity. */
export interface HandleKind<Handle extends ContextHandle, Data> {
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
): HandleKind<Handle, Data> {
  return rundown === undefined ? { name } : { name, rundown };
}

interface Entry {
  readonly handle: ContextHandle;
  readonly kind: object;
  readonly data: unknown;
  readonly rundown: () => void | Promise<void>;
}

/** Handles are valid here and nowhere else, for the kind they were opened as. */
export class HandleTable {
  readonly #entries = new Map<string, Entry>();
  readonly #newUuid: () => string;
  /** Hears of rundowns that fail; null while the association lives. */
  #onError: ((error: unknown) => void) | null = null;

  constructor(newUuid: () => string) {
    this.#newUuid = newUuid;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** A new handle for `data`. Where the association has ended it is run down at once, and is no handle to `get`. */
  open<Handle extends ContextHandle, Data>(kind: HandleKind<Handle, Data>, data: Data): Handle {
    const handle = new ContextHandle(this.#newUuid());
    const rundown = (): void | Promise<void> => kind.rundown?.(data);
    if (this.#onError === null) {
      this.#entries.set(handle.toString(), { handle, kind, data, rundown });
    } else {
      void attempt(rundown, this.#onError);
    }
    return handle as Handle;
  }

  /**
   * What a handle stands for.
   *
   * @throws RpcFault nca_s_fault_context_mismatch for one that is closed, of another kind or not from here
   */
  get<Handle extends ContextHandle, Data>(kind: HandleKind<Handle, Data>, handle: Handle): Data {
    const entry = this.#entries.get(handle.toString());
    if (entry === undefined || entry.kind !== kind) throw RpcFault.contextMismatch();
    return entry.data as Data;
  }

  /**
   * Takes a handle out and gives what it stood for. Its rundown is not called.
   *
   * @throws RpcFault as `get`
   */
  close<Handle extends ContextHandle, Data>(kind: HandleKind<Handle, Data>, handle: Handle): Data {
    const data = this.get(kind, handle);
    this.#entries.delete(handle.toString());
    return data;
  }

  /**
   * Runs every handle down, newest first, and from then on each that is opened. Errors go to `onError` and
   * stop nothing.
   */
  async runDown(onError: (error: unknown) => void): Promise<void> {
    this.#onError = onError;
    const entries = [...this.#entries.values()].toReversed();
    this.#entries.clear();
    for (const entry of entries) await attempt(entry.rundown, onError);
  }
}

async function attempt(
  rundown: () => void | Promise<void>,
  onError: (error: unknown) => void,
): Promise<void> {
  try {
    await rundown();
  } catch (error) {
    onError(error);
  }
}
