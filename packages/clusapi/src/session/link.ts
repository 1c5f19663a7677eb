/** A connection to one node of the cluster, with the handles that were opened over it. */
import { clusapi2 } from "@msrpc/ms-cmrp";
import { clusapi3 } from "@msrpc/ms-cmrp/clusapi3";
import type { ContextHandle } from "@msrpc/ndr";
import { createClient, type Opened, RpcError, type Transport } from "@msrpc/rpc";
import { type Api, type ObjectKind, type OpenedObject, reopenOrder } from "./kinds.ts";
import { apiOver2 } from "./version2.ts";

/** Of the interface. */
export type InterfaceVersion = 2 | 3;

export interface LinkOptions {
  /** Milliseconds for a call without a limit of its own. */
  readonly timeout: number;
  readonly version: InterfaceVersion;
}

/** A handle with what it takes to open it again. */
interface Kept {
  readonly kind: ObjectKind<ContextHandle>;
  readonly name: string;
  /** What was granted; null until it is open. */
  access: number | null;
  readonly opened: Promise<OpenedObject<ContextHandle>>;
}

export class Link implements AsyncDisposable {
  readonly api: Api;
  readonly #transport: Transport & Partial<AsyncDisposable>;
  readonly #handles = new Map<string, Kept>();
  /** Handles that were lost with their connection and not opened again since. */
  readonly #lost = new Map<string, Kept>();

  constructor(transport: Transport & Partial<AsyncDisposable>, { timeout, version }: LinkOptions) {
    this.#transport = transport;
    const options = { timeout, onHandlesLost: () => this.#lose() };
    this.api =
      version === 3
        ? createClient(clusapi3, transport, options)
        : apiOver2(createClient(clusapi2, transport, options));
  }

  /** An object's handle, opened where there is none. One that could not be opened is not kept. */
  async handle<Handle extends ContextHandle>(
    kind: ObjectKind<Handle>,
    name: string,
    access: number,
  ): Promise<Opened<Handle>> {
    const key = keyOf(kind, name);
    const kept = this.#handles.get(key) ?? this.#open(key, kind, name, access);
    // A key stands for handles of one type.
    return (await kept.opened).returnValue as Opened<Handle>;
  }

  /** Forgets a handle without closing it: what it stood for is gone. */
  forget(kind: ObjectKind<ContextHandle>, name: string): void {
    this.#handles.delete(keyOf(kind, name));
    this.#lost.delete(keyOf(kind, name));
  }

  /** Keeps a handle for another name. */
  rename(kind: ObjectKind<ContextHandle>, name: string, to: string): void {
    const kept = this.#handles.get(keyOf(kind, name));
    this.forget(kind, name);
    if (kept !== undefined) this.#handles.set(keyOf(kind, to), { ...kept, name: to });
  }

  async close(kind: ObjectKind<ContextHandle>, name: string): Promise<void> {
    await this.#close(keyOf(kind, name));
  }

  /**
   * Opens here what is open over another link, with the access that was granted there ([MS-CMRP] 3.2.4.6). An object
   * that is gone is left out: its next call says so.
   *
   * @throws what opening anything else throws
   */
  async reopen(other: Link): Promise<void> {
    const place = ({ kind }: Kept): number => reopenOrder.indexOf(kind.noun);
    const all = [...other.#lost.values(), ...other.#handles.values()];
    for (const { kind, name, access } of all.toSorted((a, b) => place(a) - place(b))) {
      if (access === null) continue;
      try {
        await this.handle(kind, name, access);
      } catch (error) {
        if (!isMissing(error)) throw error;
      }
    }
  }

  /** Closes the handles, and then the connection. */
  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await Promise.all([...this.#handles.keys()].map((key) => this.#close(key)));
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

  #open(key: string, kind: ObjectKind<ContextHandle>, name: string, access: number): Kept {
    const opened = kind.open(this.api, name, access);
    const kept: Kept = { kind, name, access: null, opened };
    this.#handles.set(key, kept);
    this.#lost.delete(key);
    opened.then(
      ({ grantedAccess = access }) => (kept.access = grantedAccess),
      () => this.#handles.get(key) === kept && this.#handles.delete(key),
    );
    return kept;
  }

  /** The server runs down what was opened over a connection that is lost: it is opened anew where it is needed. */
  #lose(): void {
    for (const [key, kept] of this.#handles) this.#lost.set(key, kept);
    this.#handles.clear();
  }

  async #close(key: string): Promise<void> {
    const kept = this.#handles.get(key);
    this.#handles.delete(key);
    this.#lost.delete(key);
    const found = await kept?.opened.catch(() => null);
    await found?.returnValue[Symbol.asyncDispose]();
  }
}

function keyOf({ noun }: ObjectKind<ContextHandle>, name: string): string {
  return `${noun}\\${name.toLowerCase()}`;
}

/** There is no object of that name: renamed or deleted meanwhile. */
export function isMissing(error: unknown): boolean {
  return error instanceof RpcError && error.statusName.endsWith("_NOT_FOUND");
}
