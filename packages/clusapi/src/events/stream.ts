/**
 * Events of a cluster through a notification port of version 2. The server keeps what has not been read yet; where it
 * had to drop some, it says so by LostNotifications. A port that is lost with its node is made again on the next one.
 */
import { Status } from "@msrpc/ms-cmrp";
import { type NotifyHandle, type ObjectHandle, ObjectType } from "@msrpc/ms-cmrp/clusapi3";
import { ContextHandle } from "@msrpc/ndr";
import { type Opened, RpcError } from "@msrpc/rpc";
import { asClusterError } from "../errors/cluster-error.ts";
import type { Api } from "../session/kinds.ts";
import type { Link } from "../session/link.ts";
import { isLost } from "../session/lost.ts";
import type { Session } from "../session/session.ts";
import {
  askableOf,
  type ClusterEvent,
  eventKinds,
  type EventKind,
  eventOf,
  ownEvent,
} from "./changes.ts";

export interface EventOptions {
  /** What events are about. Default: everything. */
  readonly about?: readonly EventKind[];
  /** Ends the iteration with its reason. */
  readonly signal?: AbortSignal;
}

const subject = "events";
/** What a call that waits ends with when the port is closed, or somebody ends its calls ([MS-CMRP] 3.1.4.2.144). */
const ends: ReadonlySet<number> = new Set([
  Status.ERROR_INVALID_FUNCTION,
  Status.ERROR_NO_MORE_ITEMS,
]);

let made = 0;

export class EventStream implements AsyncIterable<ClusterEvent>, AsyncDisposable {
  readonly #session: Session;
  readonly #options: EventOptions;
  readonly #key = `events ${++made}`;
  #link: Link | null = null;
  #isDisposed = false;

  constructor(session: Session, options: EventOptions) {
    this.#session = session;
    this.#options = options;
  }

  /** Opens the port now: what happens from here on is told. Otherwise that is so from the first event that is asked for. */
  async open(): Promise<this> {
    await this.#port();
    return this;
  }

  /** Closes the port, which ends an iteration that waits. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true;
    await this.#link?.close(this.#key);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<ClusterEvent, void> {
    const { signal } = this.#options;
    const limit = signal && { signal };
    let last: NotifyHandle | null = null;
    try {
      while (!this.#isDisposed) {
        const port = await this.#port().catch(asFailure);
        if ("error" in port) {
          if (last !== null) yield ownEvent("State", "");
          throw port.error;
        }
        const { link, notify } = port;
        if (last !== null && last !== notify) yield ownEvent("Reconnect", await nameOf(link));
        last = notify;
        try {
          const { notifications } = await link.api.getNotifyV2({ notify }, limit);
          for (const one of notifications ?? []) {
            const event = eventOf(one);
            if (event !== null) yield event;
          }
        } catch (error) {
          // A call that was on its way when the port was closed finds no port.
          if (this.#isDisposed) return;
          if (error instanceof RpcError && ends.has(error.status)) return;
          if (!isLost(error)) throw asClusterError(error, subject);
          link.forget(this.#key);
        }
      }
    } finally {
      await this[Symbol.asyncDispose]();
    }
  }

  /** The port over the node that calls go to now, with its filters. */
  async #port(): Promise<{ link: Link; notify: Opened<NotifyHandle> }> {
    return await this.#session.call(subject, async (_, link) => {
      this.#link = link;
      const notify = await link.handle(this.#key, (api) => this.#make(api));
      return { link, notify };
    });
  }

  async #make(api: Api): Promise<Opened<NotifyHandle>> {
    const { returnValue } = await api.openClusterEx({ desiredAccess: this.#session.access });
    await using cluster = returnValue;
    const object: ObjectHandle = new ContextHandle(cluster.uuid, cluster.attributes);
    const notify = await api.createNotifyV2();
    try {
      for (const kind of this.#options.about ?? eventKinds) {
        const filter = { objectType: ObjectType[kind], filterFlags: askableOf(kind) };
        const request = { notify, object, filter, notifyKey: 0, version: 2 };
        await api.addNotifyV2({ ...request, isTargetedAtObject: 0 });
      }
      return notify;
    } catch (error) {
      await notify[Symbol.asyncDispose]();
      throw error;
    }
  }
}

/** So that the reader can be told before it is thrown. */
function asFailure(error: unknown): { readonly error: unknown } {
  return { error };
}

async function nameOf({ api }: Link): Promise<string> {
  return (await api.getClusterName()).clusterName ?? "";
}
