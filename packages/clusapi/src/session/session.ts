/** Calls to a cluster: over one node at a time, over the next one where that is lost. */
import { asClusterError } from "../errors/cluster-error.ts";
import type { ContextHandle } from "@msrpc/ndr";
import { type Opened, RpcError, type Transport } from "@msrpc/rpc";
import { type Api, type ObjectKind } from "./kinds.ts";
import { Link } from "./link.ts";
import { isLost } from "./lost.ts";

/** What the nodes of a cluster are reached by. */
export interface Candidates {
  /** String bindings, in the order in which they are tried. */
  readonly bindings: readonly string[];
  transport(binding: string): Transport & Partial<AsyncDisposable>;
}

export interface SessionOptions {
  /** Access to ask for when objects are opened: of `Access`. */
  readonly access: number;
  /** Milliseconds for a call without a limit of its own. */
  readonly timeout: number;
  readonly onReconnect: (binding: string, error: unknown) => void;
}

export class Session implements AsyncDisposable {
  readonly #options: SessionOptions;
  #candidates: Candidates = { bindings: [], transport: () => this.#closed() };
  #current = "";
  #link: Link;
  #reconnecting: Promise<Link | null> | null = null;
  #isClosed = false;

  constructor(transport: Transport & Partial<AsyncDisposable>, options: SessionOptions) {
    this.#options = options;
    this.#link = new Link(transport, options);
  }

  /** Access that objects are opened for. */
  get access(): number {
    return this.#options.access;
  }

  /** Where to go on when the node is lost. `current` is the binding of the one that is connected to. */
  reconnectTo(candidates: Candidates, current: string): void {
    this.#candidates = candidates;
    this.#current = current;
  }

  /** Makes a call, once more where the node was lost and another one is found. @throws ClusterError for a status */
  async call<T>(object: string, call: (api: Api, link: Link) => Promise<T>): Promise<T> {
    const link = this.#link;
    try {
      return await call(link.api, link);
    } catch (error) {
      const next = isLost(error) ? await this.#reconnect(link, error) : null;
      if (next === null) throw asClusterError(error, object);
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
  ): Promise<T> {
    const key = handleKey(kind, name);
    return await this.call(
      name === "" ? kind.noun : `${kind.noun} "${name}"`,
      async (api, link) => {
        const handle = await link.handle(key, async (api) => {
          return (await kind.open(api, name, this.#options.access)).returnValue;
        });
        try {
          return await call(api, handle);
        } catch (error) {
          // Another object may have the name by now: the next call opens that.
          if (isGone(error)) link.forget(key);
          throw error;
        }
      },
    );
  }

  /** What an object has been renamed to. */
  rename(kind: ObjectKind<ContextHandle>, name: string, to: string): void {
    this.#link.rename(handleKey(kind, name), handleKey(kind, to));
  }

  /** Closes an object's handle. */
  async close(kind: ObjectKind<ContextHandle>, name: string): Promise<void> {
    await this.#link.close(handleKey(kind, name));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    await this.#link[Symbol.asyncDispose]();
  }

  /** The link to the next node that answers; null where none does. Calls that fail together look for it once. */
  async #reconnect(lost: Link, error: unknown): Promise<Link | null> {
    if (this.#isClosed) return null;
    if (this.#link !== lost) return this.#link;
    this.#reconnecting ??= this.#next(lost, error).finally(() => {
      this.#reconnecting = null;
    });
    return await this.#reconnecting;
  }

  /** [MS-CMRP] 3.2.4.6: the candidates after the current one, itself last. */
  async #next(lost: Link, error: unknown): Promise<Link | null> {
    const { bindings, transport } = this.#candidates;
    const others = bindings.filter((binding) => binding !== this.#current);
    for (const binding of bindings.length === 0 ? [] : [...others, this.#current]) {
      const link = new Link(transport(binding), this.#options);
      try {
        await link.api.getClusterName();
      } catch {
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
      this.#options.onReconnect(binding, error);
      return link;
    }
    return null;
  }

  #closed(): never {
    throw new TypeError("the session has no candidates");
  }
}

function handleKey({ noun }: ObjectKind<ContextHandle>, name: string): string {
  return `${noun}\\${name.toLowerCase()}`;
}

/** The object was deleted since its handle was opened. */
function isGone(error: unknown): boolean {
  return error instanceof RpcError && /^ERROR_\w+_NOT_AVAILABLE$/.test(error.statusName);
}
