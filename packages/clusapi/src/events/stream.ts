/**
 * Events of a cluster through a notification port. The server keeps what has not been read yet: it is asked for more
 * when all that it told has been read. Where it had to drop some, it says so by LostNotifications. A port that is lost
 * with its node is made again on the next one.
 */
import { Status } from "@msrpc/ms-cmrp";
import type { ContextHandle } from "@msrpc/ndr";
import { RpcError } from "@msrpc/rpc";
import { asClusterError } from "../errors/cluster-error.ts";
import type { ObjectKind } from "../session/kinds.ts";
import { isMissing, type Link } from "../session/link.ts";
import type { Follower, Session } from "../session/session.ts";
import { type ClusterEvent, type EventKind, plainEvent } from "./changes.ts";
import { type Filter, filtersOf, type Watchable } from "./filter.ts";
import { Owners } from "./owners.ts";
import { openPort, type Port, type PortVersion } from "./port.ts";

export interface EventOptions {
  /** What events are about. Default: everything, or nothing but `of` where that is given. */
  readonly about?: readonly EventKind[];
  /** Objects and keys of the registry that events are told of, by themselves or beside what `about` names. */
  readonly of?: readonly Watchable[];
  /** Of the notification port. 1 says what happened and to which name, and no more. Default: 2, or 1 where the server has no other. */
  readonly port?: PortVersion;
  /** Ends the iteration with its reason. */
  readonly signal?: AbortSignal;
}

const subject = "events";
/** What a call that waits ends with when the port is closed, or somebody ends its calls ([MS-CMRP] 3.1.4.2.144). */
const ends: ReadonlySet<number> = new Set([
  Status.ERROR_INVALID_FUNCTION,
  Status.ERROR_NO_MORE_ITEMS,
]);

/** Over a link, until the next one. */
interface Open {
  readonly link: Link;
  readonly port: Port;
}

export class EventStream implements AsyncIterable<ClusterEvent>, AsyncDisposable {
  readonly #session: Session;
  readonly #options: EventOptions;
  #filters: Filter[];
  readonly #follower: Follower;
  readonly #owners: Owners;
  /** Told, and not read yet. */
  #queue: ClusterEvent[] = [];
  /** How many of these have been read. */
  #read = 0;
  #open: Open | null = null;
  /** The call that waits for more. It outlives an iteration, so that what it brings is the next one's. */
  #coming: Promise<void> | null = null;
  #failure: { readonly error: unknown } | null = null;
  #isDisposed = false;

  constructor(session: Session, options: EventOptions) {
    this.#session = session;
    this.#options = options;
    this.#owners = new Owners(session);
    this.#filters = filtersOf(options.about, options.of);
    this.#follower = {
      follow: (link) => this.#follow(link),
      onClose: (kind, name) => this.#tellClosed(kind, name),
      onLost: () => this.#tell("Cluster", "State", session.names.clusterName),
      end: () => this[Symbol.asyncDispose](),
    };
  }

  /**
   * Opens the port now: what happens from here on is told. It stays open from one iteration to the next, which goes on
   * where that one stopped, until it is disposed of. A stream that isn't opened is open during one iteration.
   */
  async open(): Promise<this> {
    if (this.#open === null && !this.#isDisposed) {
      await this.#session.add(subject, this.#follower, this.#options);
    }
    return this;
  }

  /** As `await using` does at the end of its scope. */
  async close(): Promise<void> {
    await this[Symbol.asyncDispose]();
  }

  /** Closes the port, which ends an iteration that waits. The end of the cluster does the same. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true;
    this.#session.remove(this.#follower);
    // A port that can't be closed any more is the server's to run down.
    await this.#open?.port.close().catch(() => {});
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<ClusterEvent, void> {
    const isOwn = this.#open === null;
    try {
      await this.open();
      for (;;) {
        for (let event = this.#next(); event !== undefined; event = this.#next()) yield event;
        if (this.#isDisposed) return;
        const failure = this.#failure;
        this.#failure = null;
        if (failure !== null) throw failure.error;
        this.#coming ??= this.#more().finally(() => (this.#coming = null));
        await unless(this.#options.signal, this.#coming);
      }
    } finally {
      if (isOwn) await this[Symbol.asyncDispose]();
    }
  }

  #next(): ClusterEvent | undefined {
    if (this.#read < this.#queue.length) return this.#queue[this.#read++];
    this.#queue = [];
    this.#read = 0;
    return undefined;
  }

  /** Asks once. */
  async #more(): Promise<void> {
    const { link, port } = this.#open as Open;
    try {
      for (const event of await port.next()) this.#queue.push(await this.#owners.named(event));
    } catch (error) {
      const isEnd = error instanceof RpcError && ends.has(error.status);
      // A call that was on its way when the port was closed finds no port.
      if (isEnd || this.#isDisposed) return await this[Symbol.asyncDispose]();
      const next = await this.#session.recover(link, error);
      if (next === null) this.#failure = { error: asClusterError(error, subject) };
      else if (this.#open?.link !== next) (await this.#follow(next))();
    }
  }

  async #follow(link: Link): Promise<() => void> {
    const isFirst = this.#open === null;
    const gone = isFirst ? [] : await this.#gone(link);
    const filters = this.#filters.filter((filter) => !gone.includes(filter));
    const port = await openPort(this.#session, link, filters, this.#options.port ?? null);
    return () => {
      this.#open = { link, port };
      if (!isFirst) this.#tell("Cluster", "Reconnect", this.#session.names.clusterName);
      for (const { about, target } of gone) this.#tell(about, "Deleted", target?.name ?? "");
      this.#filters = filters;
    };
  }

  /** Filters for objects that aren't there any more. */
  async #gone(link: Link): Promise<Filter[]> {
    const gone: Filter[] = [];
    for (const filter of this.#filters) {
      const { target } = filter;
      if (target === null) continue;
      try {
        await this.#session.handle(link, target.kind, target.name);
      } catch (error) {
        if (!isMissing(error)) throw error;
        gone.push(filter);
      }
    }
    return gone;
  }

  /** [MS-CMRP] 3.2.4.7: of handles that were watched. */
  #tellClosed(kind: ObjectKind<ContextHandle>, name: string): void {
    const isIt = ({ target }: Filter): boolean =>
      target !== null &&
      target.kind.noun === kind.noun &&
      target.name.toLowerCase() === name.toLowerCase();
    for (const { about } of this.#filters.filter(isIt)) {
      this.#tell(about, "HandleClose", about === "Registry" ? "" : name);
    }
  }

  /** What the client itself tells of. */
  #tell(kind: EventKind, what: string, name: string): void {
    this.#queue.push(plainEvent(kind, what, name));
  }
}

/** @throws the signal's reason when it is aborted first */
async function unless(signal: AbortSignal | undefined, coming: Promise<void>): Promise<void> {
  if (signal === undefined) return await coming;
  signal.throwIfAborted();
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = (): void => reject(signal.reason as Error);
  signal.addEventListener("abort", stop);
  try {
    await Promise.race([coming, promise]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
