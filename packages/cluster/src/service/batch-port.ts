/** Ports that tell of batches ([MS-CMRP] 3.1.1.8.1): what was executed waits for who reads it, in order. */
import { Status } from "@msrpc/ms-cmrp";
import { RpcError } from "@msrpc/rpc";

/** 16 MiB of batches that nobody has read. */
const mostQueued = 2 ** 24;

export class BatchPort {
  readonly #queue: Uint8Array[] = [];
  readonly #waiting: Waiting[] = [];
  #queued = 0;
  #isClosed = false;

  /** Hands a batch to who has waited longest, or keeps it. A port that nobody reads is closed rather than have holes. */
  push(batch: Uint8Array): void {
    if (this.#isClosed) return;
    const first = this.#waiting.shift();
    if (first !== undefined) {
      first.resolve(batch);
      return;
    }
    this.#queued += batch.length;
    if (this.#queued > mostQueued) this.close();
    else this.#queue.push(batch);
  }

  /**
   * The next batch, as soon as there is one.
   *
   * @throws RpcError ERROR_NO_MORE_ITEMS when the port is closed; the signal's reason when it aborts
   */
  async next(signal: AbortSignal): Promise<Uint8Array> {
    signal.throwIfAborted();
    if (this.#isClosed) throw closed();
    const batch = this.#queue.shift();
    if (batch !== undefined) {
      this.#queued -= batch.length;
      return batch;
    }
    const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
    const waiting: Waiting = { resolve, reject };
    this.#waiting.push(waiting);
    const leave = (): void => {
      const at = this.#waiting.indexOf(waiting);
      if (at >= 0) this.#waiting.splice(at, 1);
      reject(signal.reason);
    };
    signal.addEventListener("abort", leave);
    return promise.finally(() => signal.removeEventListener("abort", leave));
  }

  /** Ends every call that waits, and drops what was not read. */
  close(): void {
    this.#isClosed = true;
    this.#queue.length = 0;
    for (const { reject } of this.#waiting.splice(0)) reject(closed());
  }
}

interface Waiting {
  readonly resolve: (batch: Uint8Array) => void;
  readonly reject: (reason: unknown) => void;
}

function closed(): RpcError {
  return new RpcError(Status.ERROR_NO_MORE_ITEMS);
}
