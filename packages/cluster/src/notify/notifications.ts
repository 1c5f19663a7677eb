/** The notification ports of a cluster: one log of events, and what each filter of each port sees of it. */
import { Status } from "@msrpc/ms-cmrp";
import { RpcError } from "@msrpc/rpc";
import type { Cluster } from "../core/cluster.ts";
import type { ClusterEvent } from "../core/event.ts";
import { Board } from "./board.ts";
import { type Account, Accounts } from "./accounts.ts";
import type { Watched } from "./filter-index.ts";
import type { Port } from "./port.ts";
import { lost, lostV1, lostV2, type ToldV1, toldV1, type ToldV2, toldV2 } from "./told.ts";
import { viewOf } from "./views.ts";

export interface NotificationLimits {
  /**
   * Indications that a port keeps for a client that doesn't fetch them; those of version 2 count once more for each KiB of
   * their buffer. In the place of further ones stands that some were lost: CLUSTER_CHANGE_CLUSTER_RECONNECT ([MS-CMRP]
   * 3.1.4.2.66), and CLUSTER_CHANGE_CLUSTER_LOST_NOTIFICATIONS_V2 for filters of version 2 that ask for it.
   * Default: 16,384.
   */
  readonly maxQueued: number;
  /** The same for all ports of one client. Default: 524,288. */
  readonly maxQueuedOfCaller: number;
  /**
   * The same for all ports together: about 50 octets of memory each. With more, those clients lose what is new that have
   * more than their share of it. Default: 4,194,304.
   */
  readonly maxQueuedOfAll: number;
  /** Filters of one port. Default: 65,536. */
  readonly maxFilters: number;
  /** Filters of all ports of one client. Default: 262,144. */
  readonly maxFiltersOfCaller: number;
}

const defaultNotificationLimits: NotificationLimits = {
  maxQueued: 16_384,
  maxQueuedOfCaller: 524_288,
  maxQueuedOfAll: 4_194_304,
  maxFilters: 65_536,
  maxFiltersOfCaller: 262_144,
};

export type OpenPort =
  | { readonly version: 1; readonly port: Port<ToldV1> }
  | { readonly version: 2; readonly port: Port<ToldV2> };

type AnyPort = OpenPort["port"];

export class Notifications {
  readonly #limits: NotificationLimits;
  readonly #v1: Board<ToldV1>;
  readonly #v2: Board<ToldV2>;
  readonly #accounts: Accounts;
  /** Of the clients of ports. */
  readonly #clients = new Map<AnyPort, Account>();

  constructor(cluster: Cluster, limits: Partial<NotificationLimits> = {}) {
    this.#limits = { ...defaultNotificationLimits, ...limits };
    const { maxQueued } = this.#limits;
    this.#accounts = new Accounts(this.#limits);
    this.#v1 = new Board({ maxQueued, sizeOf: () => 1 });
    this.#v2 = new Board({ maxQueued, sizeOf: sizeOfV2 });
    cluster.listen((event) => this.#post(event));
  }

  /** Ports that are open. */
  get size(): number {
    return this.#v1.size + this.#v2.size;
  }

  /** Indications that nobody has fetched yet, of each port. */
  get queued(): readonly number[] {
    return this.#ports.map(({ queued }) => queued);
  }

  /** Calls that wait for indications. */
  get waiting(): number {
    return this.#ports.reduce((sum, { waiting }) => sum + waiting, 0);
  }

  get #ports(): readonly (Port<ToldV1> | Port<ToldV2>)[] {
    return [...this.#v1.ports, ...this.#v2.ports];
  }

  /** The server goes: calls that wait end with ERROR_CLUSTER_NODE_SHUTTING_DOWN. */
  leave(): void {
    for (const port of this.#ports) port.leave();
  }

  /**
   * @param client text that is the same for the same client, whose ports have room together
   * @param tellsLoss servers of 2.0 never say that something was lost ([MS-CMRP] 3.1.4.1.66)
   */
  openV1(client: string, tellsLoss: boolean): OpenPort {
    const loss = tellsLoss ? { told: lostV1, topic: null } : null;
    const account = this.#accounts.enter(client);
    const port = this.#v1.open(loss, account);
    this.#clients.set(port, account);
    return { version: 1, port };
  }

  /** @param client as for `openV1` */
  openV2(client: string): OpenPort {
    const loss = { told: lostV2, topic: topicV2(lost.type, lost.flag) };
    const account = this.#accounts.enter(client);
    const port = this.#v2.open(loss, account);
    this.#clients.set(port, account);
    return { version: 2, port };
  }

  close(open: OpenPort): void {
    const filters = open.version === 1 ? this.#v1.close(open.port) : this.#v2.close(open.port);
    const account = this.#clients.get(open.port);
    if (account === undefined) return;
    this.#clients.delete(open.port);
    account.filters -= filters;
    this.#accounts.leave(account);
  }

  /**
   * Adds a filter to a port of version 1.
   *
   * @param flags of `ClusterChange`
   * @throws RpcError ERROR_NOT_ENOUGH_QUOTA for one filter too many
   */
  watch(port: Port<ToldV1>, flags: number, watched: Watched, key: number): void {
    this.#addFilter(port, this.#v1.filtersOf(port));
    this.#v1.watch(port, bitsOf(flags), watched, key);
  }

  /**
   * Adds a filter to a port of version 2.
   *
   * @param flags of the enumeration of the type
   * @throws RpcError ERROR_NOT_ENOUGH_QUOTA for one filter too many
   */
  watchV2(port: Port<ToldV2>, type: number, flags: number, watched: Watched, key: number): void {
    this.#addFilter(port, this.#v2.filtersOf(port));
    const topics = bitsOf(flags).map((flag) => topicV2(type, flag));
    this.#v2.watch(port, topics, watched, key);
  }

  #addFilter(port: AnyPort, filters: number): void {
    const { maxFilters, maxFiltersOfCaller } = this.#limits;
    const account = this.#clients.get(port);
    // It was closed in the meantime.
    if (account === undefined) return;
    if (filters >= maxFilters || account.filters >= maxFiltersOfCaller) {
      throw new RpcError(Status.ERROR_NOT_ENOUGH_QUOTA);
    }
    account.filters++;
  }

  #post(event: ClusterEvent): void {
    const { v1, v2 } = viewOf(event);
    if (v1 !== null) this.#v1.post(v1, event, () => toldV1(event, v1));
    if (v2 !== null) {
      this.#v2.post(topicV2(v2.type, v2.flag), event, () => toldV2(event, v2));
    }
  }
}

function topicV2(type: number, flag: number): number {
  return type * 0x1_0000_0000 + flag;
}

function sizeOfV2({ buffer }: ToldV2): number {
  return 1 + ((buffer?.length ?? 0) >>> 10);
}

/** The flags of a mask, one by one. */
function bitsOf(mask: number): number[] {
  const bits: number[] = [];
  for (let bit = 1; bit <= mask; bit *= 2) if (((mask >>> 0) & bit) !== 0) bits.push(bit);
  return bits;
}
