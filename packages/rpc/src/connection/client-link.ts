/** What the parts of a client's connection share: what was agreed on, and the way out. */
import { withDefaultLimits } from "../check-options.ts";
import { encodePdu, type Pdu } from "../pdu/index.ts";
import { TransportError } from "../transport-error.ts";
import type { ByteChannel } from "./channel.ts";
import {
  type ClientLimits,
  type ConnectionOptions,
  defaultClientLimits,
} from "./client-options.ts";
import { Outbox } from "./outbox.ts";

export class ClientLink {
  readonly options: ConnectionOptions;
  readonly limits: ClientLimits;
  readonly littleEndian: boolean;
  readonly outbox: Outbox;
  /** assoc_group_id: to join before the bind, joined after it. */
  groupId: number;
  /** Calls may overlap. */
  multiplexed = false;
  /** The connection may stay after an orphaned PDU. */
  keepsOnOrphan = false;
  /** The server takes several security contexts on the connection. */
  sharesSecurity = false;
  /** Octets of the longest fragment that the server takes. */
  maxTransmit: number;
  lastCallId = 0;
  readonly #channel: ByteChannel;
  readonly #onFailure: (failure: TransportError) => void;
  #failure: TransportError | null = null;

  /** `onFailure` is called once, when everything under way is to fail. */
  constructor(
    channel: ByteChannel,
    options: ConnectionOptions,
    groupId: number,
    onFailure: (failure: TransportError) => void,
  ) {
    this.#channel = channel;
    this.options = options;
    this.limits = withDefaultLimits("client limits", options.limits, defaultClientLimits);
    this.littleEndian = options.byteOrder !== "big";
    this.outbox = new Outbox(channel);
    this.groupId = groupId;
    this.maxTransmit = this.limits.maxFragment;
    this.#onFailure = onFailure;
  }

  /** Why nothing more can be sent; null while it can. */
  get failure(): TransportError | null {
    return this.#failure;
  }

  send(pdu: Pdu): void {
    if (this.#failure === null) this.outbox.send(encodePdu(pdu));
  }

  /** Ends the connection, at once where the server is to blame. */
  fail(failure: TransportError): void {
    if (this.#failure !== null) return;
    this.outbox.flush();
    this.#failure = failure;
    this.#onFailure(failure);
    if (failure.code === "closed") this.#channel.end();
    else this.#channel.destroy();
  }

  violation(what: string): void {
    this.fail(new TransportError("protocol", `the server sent ${what}`));
  }
}
