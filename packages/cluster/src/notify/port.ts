/**
 * A notification port ([MS-CMRP] 3.1.1.8): indications of events, each with the key of the filter that asked for it, and
 * the calls that wait for them. A port that nobody reads keeps no more than its limit: it says so where others were lost.
 */
import { Status } from "@msrpc/ms-cmrp";
import { RpcError } from "@msrpc/rpc";
import { Queue } from "./queue.ts";

export interface Indication<Told> {
  /** The client's, of the filter. */
  readonly key: number;
  /** What is said of the event; indications of many ports share it. */
  readonly told: Told;
}

interface Waiting<Told> {
  readonly most: number;
  readonly take: (indications: readonly Indication<Told>[]) => void;
  readonly end: (error: unknown) => void;
}

/** Room for indications: one takes one, and one more for each KiB of what is in its buffer. */
export interface Room {
  take(size: number): void;
  readonly isFull: boolean;
}

export interface PortOptions<Told> {
  /** Of the port, for a client that doesn't fetch what there is. */
  readonly room: number;
  /** Of its client, with all its ports. */
  readonly shared: Room;
  readonly sizeOf: (told: Told) => number;
  /** What stands in the place of indications that were lost, the first of them for the filter with that key. */
  readonly lost: (key: number) => readonly Indication<Told>[];
}

export class Port<Told> {
  readonly #options: PortOptions<Told>;
  readonly #queue = new Queue<Indication<Told>>();
  readonly #waiting = new Set<Waiting<Told>>();
  #used = 0;
  #isLosing = false;
  #isHandingOut = false;
  #isClosed = false;

  constructor(options: PortOptions<Told>) {
    this.#options = options;
  }

  /** Indications that nobody has fetched yet. */
  get queued(): number {
    return this.#queue.size;
  }

  /** Calls that wait. */
  get waiting(): number {
    return this.#waiting.size;
  }

  push(indication: Indication<Told>): void {
    if (this.#isClosed) return;
    const { room, shared, lost } = this.#options;
    // What somebody waits for takes no room.
    const isAwaited = this.#queue.size < this.#waiting.size;
    if (isAwaited || (this.#used < room && !shared.isFull)) {
      this.#isLosing = false;
      this.#put(indication);
    } else if (!this.#isLosing) {
      this.#isLosing = true;
      for (const mark of lost(indication.key)) this.#put(mark);
    }
    this.#handOut();
  }

  /** Fetches all that is there, as `fetchOne` does. */
  fetch<Answer>(
    signal: AbortSignal,
    answer: (indications: readonly Indication<Told>[]) => Answer,
  ): Answer | Promise<Answer> {
    return this.#fetch(Infinity, signal, answer);
  }

  /**
   * Fetches the oldest indication and answers with it: at once where there is one, otherwise as soon as there is. It leaves
   * the queue only then, so that a call that was given up takes none with it.
   *
   * @throws RpcError ERROR_INVALID_FUNCTION when waiting calls are ended, ERROR_NO_MORE_ITEMS when the port is closed
   */
  fetchOne<Answer>(
    signal: AbortSignal,
    answer: (indication: Indication<Told>) => Answer,
  ): Answer | Promise<Answer> {
    return this.#fetch(1, signal, ([first]) => answer(first!));
  }

  /** Ends the calls that wait; others may follow. */
  unblock(): void {
    this.#endWaiting(new RpcError(Status.ERROR_INVALID_FUNCTION));
  }

  /** Ends the calls that wait, as the server goes. */
  leave(): void {
    this.#endWaiting(new RpcError(Status.ERROR_CLUSTER_NODE_SHUTTING_DOWN));
  }

  close(): void {
    this.#isClosed = true;
    this.#take(Infinity);
    this.#endWaiting(new RpcError(Status.ERROR_NO_MORE_ITEMS));
  }

  #fetch<Answer>(
    most: number,
    signal: AbortSignal,
    answer: (indications: readonly Indication<Told>[]) => Answer,
  ): Answer | Promise<Answer> {
    if (this.#isClosed) throw new RpcError(Status.ERROR_NO_MORE_ITEMS);
    // Whoever has waited longer is served first.
    if (this.#queue.size > 0 && this.#waiting.size === 0) return answer(this.#take(most));
    if (signal.aborted) throw givenUp();
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const stop = (): void => {
      this.#waiting.delete(waiting);
      signal.removeEventListener("abort", giveUp);
    };
    const waiting: Waiting<Told> = {
      most,
      take(indications) {
        stop();
        resolve(answer(indications));
      },
      end(error) {
        stop();
        reject(error);
      },
    };
    const giveUp = (): void => waiting.end(givenUp());
    signal.addEventListener("abort", giveUp);
    this.#waiting.add(waiting);
    return promise;
  }

  #put(indication: Indication<Told>): void {
    this.#queue.push(indication);
    this.#use(this.#options.sizeOf(indication.told));
  }

  #take(most: number): readonly Indication<Told>[] {
    const taken = this.#queue.take(most);
    for (const { told } of taken) this.#use(-this.#options.sizeOf(told));
    return taken;
  }

  #use(size: number): void {
    this.#used += size;
    this.#options.shared.take(size);
  }

  /** When the command is done whose events come in: a call that takes several has all of them. */
  #handOut(): void {
    if (this.#waiting.size === 0 || this.#isHandingOut) return;
    this.#isHandingOut = true;
    queueMicrotask(() => {
      this.#isHandingOut = false;
      for (const waiting of this.#waiting) {
        if (this.#queue.size === 0) return;
        waiting.take(this.#take(waiting.most));
      }
    });
  }

  #endWaiting(error: RpcError): void {
    for (const waiting of this.#waiting) waiting.end(error);
  }
}

/** As Node's own functions end that were given a signal. */
function givenUp(): DOMException {
  return new DOMException("the caller gave up", "AbortError");
}
