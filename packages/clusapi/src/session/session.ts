/** Calls to a cluster: over one node at a time, over the next one where that is lost. */
import { Status } from "@msrpc/ms-cmrp";
import type { ContextHandle } from "@msrpc/ndr";
import { type CallOptions, type Opened, RpcError, type Transport } from "@msrpc/rpc";
import { asClusterError } from "../errors/cluster-error.ts";
import { type Api, clusterKind, type ObjectKind } from "./kinds.ts";
import { type InterfaceVersion, Link } from "./link.ts";
import { isLost, mayHaveRun } from "./lost.ts";
import { isRepeatable, type MadeCall, told } from "./repeatable.ts";

/** What the nodes of a cluster are reached by. */
export interface Candidates {
  /** String bindings, in the order in which they are tried. */
  readonly bindings: readonly string[];
  transport(binding: string): Transport & Partial<AsyncDisposable>;
  /** Whether a binding leads to a node by its name. */
  isOf(binding: string, nodeName: string): boolean;
}

export interface SessionOptions {
  readonly version: InterfaceVersion;
  /** Access to ask for when objects are opened: of `Access`. */
  readonly access: number;
  /** Milliseconds for a call without a limit of its own. */
  readonly timeout: number;
  readonly onReconnect: (binding: string, error: unknown) => void;
}

/** What goes on over another node by itself: a notification port. */
export interface Follower {
  /** Makes it anew over a link. Nothing is told of it until it is known that calls go there. @throws where that can't be */
  follow(link: Link): Promise<() => void>;
  /** Its object's handle is being closed. */
  onClose(kind: ObjectKind<ContextHandle>, name: string): void;
  /** No node answers. */
  onLost(): void;
  /** The session ends, and takes it along. */
  end(): Promise<void>;
}

export interface ClusterNames {
  readonly clusterName: string;
  readonly nodeName: string;
}

/** [MS-CMRP] 3.2.3.3. */
const attempts = 4;

export class Session implements AsyncDisposable {
  readonly #options: SessionOptions;
  readonly #followers = new Set<Follower>();
  #candidates: Candidates | null = null;
  #names: ClusterNames = { clusterName: "", nodeName: "" };
  #current = "";
  #link: Link;
  #reconnecting: Promise<Link | null> | null = null;
  #isClosed = false;

  constructor(transport: Transport & Partial<AsyncDisposable>, options: SessionOptions) {
    this.#options = options;
    this.#link = new Link(transport, options);
  }

  get version(): InterfaceVersion {
    return this.#options.version;
  }

  /** The cluster's name and that of the node that calls go to, as of the last time that one was connected to. */
  get names(): ClusterNames {
    return this.#names;
  }

  /**
   * Looks who answers and whether they let us in ([MS-CMRP] 3.2.3.3).
   *
   * @throws ClusterError, TransportError, RpcFault
   */
  async begin(): Promise<void> {
    const { api } = this.#link;
    const names = async (left: number): Promise<ClusterNames> => {
      try {
        return namesOf(await api.getClusterName());
      } catch (error) {
        const isUnsent = error instanceof RpcError && error.status === Status.RPC_S_CALL_FAILED_DNE;
        if (!isUnsent || left === 1) throw asClusterError(error, clusterKind.noun);
        return await names(left - 1);
      }
    };
    this.#names = await names(attempts);
    await this.use(clusterKind, "", () => Promise.resolve());
  }

  /** Where to go on when the node is lost. `current` is the binding of the one that is connected to. */
  reconnectTo(candidates: Candidates, current: string): void {
    this.#candidates = candidates;
    this.#current = current;
  }

  /**
   * Makes a call, once more where the node was lost and another one is found. A call that may have been served and
   * would do something else the second time is not made again.
   *
   * @throws ClusterError for a status
   */
  async call<T>(object: string, call: (api: Api, link: Link) => Promise<T>): Promise<T> {
    const link = this.#link;
    const failed: MadeCall[] = [];
    try {
      return await call(
        told(link.api, (made) => failed.push(made)),
        link,
      );
    } catch (error) {
      const next = await this.recover(link, error);
      const mayRepeat = !mayHaveRun(error) || failed.every(isRepeatable);
      if (next === null || !mayRepeat) throw asClusterError(error, object);
      try {
        return await call(next.api, next);
      } catch (again) {
        throw asClusterError(again, object);
      }
    }
  }

  /** The same with an object's handle, which is opened where it isn't yet. */
  async use<Handle extends ContextHandle, T>(
    kind: ObjectKind<Handle>,
    name: string,
    call: (api: Api, handle: Opened<Handle>) => Promise<T>,
    object: string = name === "" ? kind.noun : `${kind.noun} "${name}"`,
  ): Promise<T> {
    return await this.call(object, async (api, link) => {
      const handle = await this.handle(link, kind, name);
      try {
        return await call(api, handle);
      } catch (error) {
        // Another object may have the name by now: the next call opens that.
        if (isGone(error)) link.forget(kind, name);
        throw error;
      }
    });
  }

  /** An object's handle over a link. */
  async handle<Handle extends ContextHandle>(
    link: Link,
    kind: ObjectKind<Handle>,
    name: string,
  ): Promise<Opened<Handle>> {
    return await link.handle(kind, name, this.#options.access);
  }

  /** What an object has been renamed to. */
  rename(kind: ObjectKind<ContextHandle>, name: string, to: string): void {
    this.#link.rename(kind, name, to);
  }

  /** Closes an object's handle. */
  async close(kind: ObjectKind<ContextHandle>, name: string): Promise<void> {
    for (const follower of this.#followers) follower.onClose(kind, name);
    await this.#link.close(kind, name);
  }

  /** Makes something over the link that calls go to, and has it follow where they go. @throws ClusterError for a status */
  async add(object: string, follower: Follower, options?: CallOptions): Promise<void> {
    options?.signal?.throwIfAborted();
    await this.call(object, async (_, link) => (await follower.follow(link))());
    this.#followers.add(follower);
  }

  remove(follower: Follower): void {
    this.#followers.delete(follower);
  }

  /** The link to go on over after an error of a link; null where it isn't one that another node may not have, or none answers. */
  async recover(lost: Link, error: unknown): Promise<Link | null> {
    if (this.#isClosed || !isLost(error, this.version)) return null;
    if (this.#link !== lost) return this.#link;
    this.#reconnecting ??= this.#next(lost, error).finally(() => {
      this.#reconnecting = null;
    });
    return await this.#reconnecting;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    await Promise.all(Array.from(this.#followers, (follower) => follower.end()));
    await this.#link[Symbol.asyncDispose]();
  }

  /** [MS-CMRP] 3.2.4.6: the candidates but the node that is connected to, itself last. */
  async #next(lost: Link, error: unknown): Promise<Link | null> {
    const candidates = this.#candidates;
    if (candidates === null || candidates.bindings.length === 0) return this.#giveUp();
    const { bindings, transport, isOf } = candidates;
    const isCurrent = (binding: string): boolean =>
      binding === this.#current || isOf(binding, this.#names.nodeName);
    const last = [...bindings.filter(isCurrent), this.#current];
    const order = new Set([...bindings.filter((one) => !isCurrent(one)), ...last]);
    for (const binding of order) {
      const link = new Link(transport(binding), this.#options);
      const begin = await this.#begin(link, lost).catch(() => null);
      if (begin === null) {
        await link.abandon();
        continue;
      }
      await lost.abandon();
      if (this.#isClosed) {
        await link.abandon();
        return null;
      }
      this.#link = link;
      this.#current = binding;
      begin();
      this.#options.onReconnect(binding, error);
      return link;
    }
    return this.#giveUp();
  }

  /** Makes everything ready over another link; gives what is to be done where calls go there from now on. */
  async #begin(link: Link, lost: Link): Promise<() => void> {
    const names = namesOf(await link.api.getClusterName());
    await link.reopen(lost);
    const begun: (() => void)[] = [];
    for (const follower of this.#followers) begun.push(await follower.follow(link));
    return () => {
      this.#names = names;
      for (const begin of begun) begin();
    };
  }

  #giveUp(): null {
    for (const follower of this.#followers) follower.onLost();
    return null;
  }
}

function namesOf({
  clusterName,
  nodeName,
}: {
  readonly clusterName: string | null;
  readonly nodeName: string | null;
}): ClusterNames {
  return { clusterName: clusterName ?? "", nodeName: nodeName ?? "" };
}

/** The object was deleted since its handle was opened. */
function isGone(error: unknown): boolean {
  return error instanceof RpcError && /^ERROR_\w+_NOT_AVAILABLE$/.test(error.statusName);
}
