/** What a client hears of services: once for each time that it asks ([MS-SCMR] 3.1.4.43, 3.1.4.44). */
import { Status, type ServiceStatusProcess } from "@msrpc/ms-scmr";
import { RpcError } from "@msrpc/rpc";
import { notifyMasks, serviceStates } from "../constants.ts";
import type { ServiceManager } from "./manager.ts";
import type { Service } from "./service.ts";

const { created, deleted, deletePending } = notifyMasks;
/** These are told of by the manager, all others by a service. */
export const managerMask: number = created | deleted;
export const serviceMask = 0x27f;

const maskOf: Readonly<Record<number, number>> = {
  [serviceStates.stopped]: notifyMasks.stopped,
  [serviceStates.startPending]: notifyMasks.startPending,
  [serviceStates.stopPending]: notifyMasks.stopPending,
  [serviceStates.running]: notifyMasks.running,
  [serviceStates.continuePending]: notifyMasks.continuePending,
  [serviceStates.pausePending]: notifyMasks.pausePending,
  [serviceStates.paused]: notifyMasks.paused,
};
/** Names that came and went since a client asked last: as many as one answer has ([MS-SCMR] 2.2.24). */
const mostNames = 4096;

export interface Heard {
  readonly mask: number;
  /** Those that were created with a `/` before them. */
  readonly names: readonly string[];
  readonly status: ServiceStatusProcess | null;
  readonly notificationStatus: number;
}

export class Notification {
  readonly #mask: number;
  readonly #service: Service | null;
  readonly #end: () => void;
  #heard = 0;
  #names: string[] = [];
  #isClosed = false;
  #lags = false;
  #wake: (() => void)[] = [];

  /** Of one service, or of all that come and go. */
  constructor(manager: ServiceManager, mask: number, service: Service | null) {
    this.#mask = mask;
    this.#service = service;
    // What it is already counts.
    if (service !== null) this.#hear(maskOf[service.state] ?? 0);
    this.#end = manager.listen((change, changed, before) => {
      if (service === null) {
        if (change === "created") this.#hear(created, `/${changed.name}`);
        else if (change === "deleted") this.#hear(deleted, changed.name);
      } else if (changed === service) {
        if (change === "deletePending") this.#hear(deletePending);
        else if (change === "status" && changed.state !== before) {
          this.#hear(maskOf[changed.state] ?? 0);
        }
      }
    });
  }

  #hear(mask: number, name?: string): void {
    if ((mask & this.#mask) === 0) return;
    if (name !== undefined) {
      if (this.#names.length < mostNames) this.#names.push(name);
      else this.#lags = true;
    }
    this.#heard |= mask;
    this.#awake();
  }

  #awake(): void {
    for (const wake of this.#wake.splice(0)) wake();
  }

  /** No more is heard, and who waits gives up. */
  close(): void {
    this.#isClosed = true;
    this.#end();
    this.#awake();
  }

  /**
   * What has happened since it was asked last; waits until something has.
   *
   * @throws RpcError ERROR_REQUEST_ABORTED where it is closed meanwhile, ERROR_SERVICE_NOTIFY_CLIENT_LAGGING where too much has
   * happened; the signal's reason
   */
  async next(signal: AbortSignal): Promise<Heard> {
    while (this.#heard === 0) {
      if (this.#isClosed) throw new RpcError(Status.ERROR_REQUEST_ABORTED);
      signal.throwIfAborted();
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const onAbort = (): void => reject(signal.reason as Error);
      signal.addEventListener("abort", onAbort, { once: true });
      this.#wake.push(resolve);
      try {
        await promise;
      } finally {
        signal.removeEventListener("abort", onAbort);
        this.#wake = this.#wake.filter((wake) => wake !== resolve);
      }
    }
    const [mask, names, lags] = [this.#heard, this.#names, this.#lags];
    [this.#heard, this.#names, this.#lags] = [0, [], false];
    if (lags) throw new RpcError(Status.ERROR_SERVICE_NOTIFY_CLIENT_LAGGING);
    const isDeleted = (mask & deletePending) !== 0;
    const notificationStatus = isDeleted ? Status.ERROR_SERVICE_MARKED_FOR_DELETE : 0;
    return { mask, names, status: this.#service?.status ?? null, notificationStatus };
  }
}
