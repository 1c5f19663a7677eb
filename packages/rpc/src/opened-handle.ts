/** A context handle that a client opened: it knows how to close itself. */
import { ContextHandle } from "@msrpc/ndr";

export class OpenedHandle extends ContextHandle implements AsyncDisposable {
  readonly #close: () => Promise<void>;

  constructor(handle: ContextHandle, close: () => Promise<void>) {
    super(handle.uuid, handle.attributes);
    this.#close = close;
  }

  /** Closes it on the server. Harmless when it is closed already. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#close();
  }
}
