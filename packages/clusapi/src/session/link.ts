/** A connection to one node of the cluster, with the handles that were opened over it. */
import { clusapi3 } from "@msrpc/ms-cmrp/clusapi3";
import type { ContextHandle } from "@msrpc/ndr";
import { createClient, type Opened, type Transport } from "@msrpc/rpc";
import type { Api } from "./kinds.ts";

export interface LinkOptions {
  /** Milliseconds for a call without a limit of its own. */
  readonly timeout: number;
}

export class Link implements AsyncDisposable {
  readonly api: Api;
  readonly #transport: Transport & Partial<AsyncDisposable>;
  readonly #handles = new Map<string, Promise<Opened<ContextHandle>>>();

  constructor(transport: Transport & Partial<AsyncDisposable>, { timeout }: LinkOptions) {
    this.#transport = transport;
    // The server runs down what was opened over a connection that is lost: it is opened anew where it is needed.
    const onHandlesLost = (): void => this.#handles.clear();
    this.api = createClient(clusapi3, transport, { timeout, onHandlesLost });
  }

  /** The handle kept under a key, opened where there is none. One that could not be opened is not kept. */
  handle<Handle extends ContextHandle>(
    key: string,
    open: (api: Api) => Promise<Opened<Handle>>,
  ): Promise<Opened<Handle>> {
    const kept = this.#handles.get(key);
    // A key stands for handles of one type.
    if (kept !== undefined) return kept as Promise<Opened<Handle>>;
    const opened = open(this.api);
    this.#handles.set(key, opened);
    opened.catch(() => this.#drop(key, opened));
    return opened;
  }

  /** Forgets a handle without closing it: what it stood for is gone. */
  forget(key: string): void {
    this.#handles.delete(key);
  }

  /** Keeps a handle for another name. */
  rename(key: string, to: string): void {
    const kept = this.#handles.get(key);
    if (kept === undefined) return;
    this.#handles.delete(key);
    this.#handles.set(to, kept);
  }

  async close(key: string): Promise<void> {
    const kept = this.#handles.get(key);
    this.#handles.delete(key);
    const handle = await kept?.catch(() => null);
    await handle?.[Symbol.asyncDispose]();
  }

  /** Closes the handles, and then the connection. */
  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await Promise.all([...this.#handles.keys()].map((key) => this.close(key)));
    } finally {
      await this.abandon();
    }
  }

  /** Ends the connection as it is: the server runs down what was opened over it. */
  async abandon(): Promise<void> {
    this.#handles.clear();
    await this.api[Symbol.asyncDispose]();
    await this.#transport[Symbol.asyncDispose]?.();
  }

  #drop(key: string, opened: Promise<Opened<ContextHandle>>): void {
    if (this.#handles.get(key) === opened) this.#handles.delete(key);
  }
}
