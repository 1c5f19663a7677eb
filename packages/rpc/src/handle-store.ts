/** The context handles of one association, with whose they are. */
import { ContextHandle } from "@msrpc/ndr";
import type { HandleRoom } from "./handle-room.ts";
import type { InterfaceDescriptor } from "./interface.ts";
import { RpcFault } from "./rpc-fault.ts";
import { faults } from "./status-names.ts";

/** What a handle is and whom it was given to. */
export interface HandleEntry {
  readonly handle: ContextHandle;
  readonly kind: object;
  readonly data: unknown;
  /** Whoever was given it: text that is the same for the same principal. */
  readonly owner: string;
  /** The interface whose operation opened it. */
  readonly interface: InterfaceDescriptor;
  readonly rundown: () => void | Promise<void>;
}

export class HandleStore {
  readonly #entries = new Map<string, HandleEntry>();
  readonly #newUuid: () => string;
  /** Hears of rundowns that fail. */
  readonly #onError: (error: unknown) => void;
  /** Where its handles count; null where nobody counts them. */
  readonly #room: HandleRoom | null;
  #hasEnded = false;

  constructor(
    newUuid: () => string,
    onError: (error: unknown) => void = () => {},
    room: HandleRoom | null = null,
  ) {
    this.#newUuid = newUuid;
    this.#onError = onError;
    this.#room = room;
  }

  get size(): number {
    return this.#entries.size;
  }

  /**
   * Where the association has ended it is run down at once, and is no handle to `find`.
   *
   * @throws RpcFault nca_s_fault_remote_no_memory where there are too many; then it is run down as well
   */
  add(entry: Omit<HandleEntry, "handle">): ContextHandle {
    const handle = new ContextHandle(this.#newUuid());
    const uuid = handle.toString();
    const hasRoom =
      this.#hasEnded || this.#room?.take(entry.owner, uuid, () => this.#giveWay(uuid)) !== false;
    if (hasRoom && !this.#hasEnded) this.#entries.set(uuid, { ...entry, handle });
    else void attempt(entry.rundown, this.#onError);
    if (!hasRoom) throw new RpcFault(faults.remoteNoMemory);
    return handle;
  }

  find(handle: ContextHandle): HandleEntry | undefined {
    return this.#entries.get(handle.toString());
  }

  delete(handle: ContextHandle): void {
    this.#take(handle.toString());
  }

  /**
   * Runs every handle down, newest first, and from then on each that is opened. Those that fail stop nothing.
   */
  async runDown(): Promise<void> {
    this.#hasEnded = true;
    const entries = [...this.#entries.values()].toReversed();
    for (const { handle } of entries) this.delete(handle);
    for (const { rundown } of entries) await attempt(rundown, this.#onError);
  }

  #giveWay(uuid: string): void {
    const entry = this.#take(uuid);
    if (entry !== undefined) void attempt(entry.rundown, this.#onError);
  }

  #take(uuid: string): HandleEntry | undefined {
    const entry = this.#entries.get(uuid);
    if (entry === undefined) return undefined;
    this.#entries.delete(uuid);
    this.#room?.give(entry.owner, uuid);
    return entry;
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
