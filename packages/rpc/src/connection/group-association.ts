/** A client's binding to an interface, over whichever connection of its group is the least busy. */
import type {
  Association,
  InterfaceId,
  Reply,
  StubFormat,
  TransportCallOptions,
} from "../transport.ts";
import { TransportError } from "../transport-error.ts";
import { unlessAborted } from "../unless-aborted.ts";
import type { ClientConnection } from "./client-connection.ts";
import type { ClientContext } from "./client-context.ts";
import type { ClientIdentity } from "./client-identity.ts";
import type { ConnectionGroup, Reached } from "./connection-group.ts";

export class GroupAssociation implements Association {
  readonly format: StubFormat;
  readonly #group: ConnectionGroup;
  readonly #target: InterfaceId;
  readonly #identity: ClientIdentity | null;
  readonly #contexts = new WeakMap<ClientConnection, ClientContext>();
  readonly #unheard: (() => void)[] = [];
  #closed = false;

  /** The group has been entered, and is left when the association is closed. */
  constructor(
    group: ConnectionGroup,
    target: InterfaceId,
    identity: ClientIdentity | null,
    { connection, context }: Reached,
    byteOrder: StubFormat["byteOrder"],
  ) {
    this.#group = group;
    this.#target = target;
    this.#identity = identity;
    this.format = { syntax: context.syntax, byteOrder };
    this.#contexts.set(connection, context);
  }

  get isClosed(): boolean {
    return this.#closed || this.#group.isClosed;
  }

  call(opnum: number, stub: Uint8Array, options: TransportCallOptions = {}): Promise<Reply> {
    if (this.#closed) {
      const closed = { mayHaveRun: false };
      return Promise.reject(new TransportError("closed", "the association was closed", closed));
    }
    const group = this.#group;
    const connection = group.pick(this.#identity);
    const context = connection === null ? undefined : this.#contexts.get(connection);
    if (
      connection === null ||
      context === undefined ||
      group.isCrowded(connection, this.#identity)
    ) {
      return this.#callElsewhere(opnum, stub, options);
    }
    return connection.call(context, opnum, stub, options);
  }

  onEnd(listener: (error: TransportError) => void): void {
    this.#unheard.push(this.#group.onEnd(listener));
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const stop of this.#unheard) stop();
    this.#group.leave();
  }

  /** On a connection that has to be made, or to be told of the interface or the identity. */
  async #callElsewhere(
    opnum: number,
    stub: Uint8Array,
    options: TransportCallOptions,
  ): Promise<Reply> {
    // Its place is used again once `call` has given back.
    const waiting = stub.slice();
    const reaching = this.#group.reach(this.#target, this.#identity);
    const { connection, context } = await unlessAborted(reaching, options.signal);
    if (context.syntax !== this.format.syntax) {
      throw new TransportError("protocol", "the server took another transfer syntax before", {
        mayHaveRun: false,
      });
    }
    this.#contexts.set(connection, context);
    return await connection.call(context, opnum, waiting, options);
  }
}
