/** What `node:diagnostics_channel` tells of connections and PDUs. Nothing is made where nobody subscribes. */
import { type Channel, channel } from "node:diagnostics_channel";
import type { PduHeader } from "../pdu/index.ts";

/** One end of a connection. */
export interface Endpoint {
  /** An IP address; of a Unix socket its path, or nothing. */
  readonly address: string;
  /** Null for a Unix socket. */
  readonly port: number | null;
}

export interface ConnectionInfo {
  /** Counts the connections of the process, of clients and servers alike, from 1. */
  readonly id: number;
  /** Which end of it this is. */
  readonly role: "client" | "server";
  readonly local: Endpoint;
  readonly remote: Endpoint;
}

/** A connection was made or accepted, or has ended. */
export interface ConnectionEvent {
  readonly connection: ConnectionInfo;
  /** Milliseconds since 1970, with a fraction. */
  readonly time: number;
  /** Why it ended where it was not in order; null otherwise. */
  readonly error: Error | null;
}

/** A PDU, at the moment that it is given to the system or taken from what was received. */
export interface PduEvent {
  readonly connection: ConnectionInfo;
  readonly time: number;
  readonly direction: "sent" | "received";
  /** Null for octets that are no PDU: the connection ends because of them. */
  readonly header: PduHeader | null;
  /** The PDU as on the wire: what is sealed stays so. A copy, for the subscribers to keep. */
  readonly octets: Uint8Array;
}

/** Names of the channels. */
export const channelNames = {
  /** Has a `ConnectionEvent` for each connection that is made or accepted. */
  connectionOpen: "msrpc:connection:open",
  /** Has a `ConnectionEvent` for each connection that has ended. */
  connectionClose: "msrpc:connection:close",
  /** Has a `PduEvent` for each PDU, sent or received. */
  pdu: "msrpc:pdu",
  /** A tracing channel with a `CallEvent` for each call with the interceptor `traced`. */
  call: "msrpc:call",
} as const;

export const openChannel: Channel = channel(channelNames.connectionOpen);
export const closeChannel: Channel = channel(channelNames.connectionClose);
export const pduChannel: Channel = channel(channelNames.pdu);
