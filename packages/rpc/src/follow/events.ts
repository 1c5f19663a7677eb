/** What following a capture tells. */
import type { TransferSyntax } from "@msrpc/ndr";
import type { ProtectedPdu } from "../security.ts";
import type { InterfaceId, StubFormat } from "../transport.ts";

/** A TCP connection of the capture. */
export interface Flow {
  /** Counts from 1. */
  readonly id: number;
  /** `192.0.2.7:49152`, `[2001:db8::1]:135`: who sent its first packet, or its first PDU of a client. */
  readonly client: string;
  readonly server: string;
}

interface FollowedCommon {
  readonly flow: Flow;
  /** Milliseconds since 1970. */
  readonly time: number;
  /** Of the packet that completed it. */
  readonly packet: number;
}

/** What became of a proposal. */
export interface FollowedContext {
  readonly contextId: number;
  readonly interface: InterfaceId;
  /** Null for one that was refused, or isn't known. */
  readonly syntax: TransferSyntax | null;
  readonly isAccepted: boolean;
}

export interface FollowedBind extends FollowedCommon {
  readonly type: "bind";
  readonly contexts: readonly FollowedContext[];
  /** auth_type and auth_level; null without. */
  readonly security: { readonly type: number; readonly level: number } | null;
}

/** A server refused a bind as a whole. */
export interface FollowedRefusal extends FollowedCommon {
  readonly type: "refusal";
  readonly reason: string;
}

interface OfCall extends FollowedCommon {
  readonly callId: number;
  /** Null where its bind was not captured. */
  readonly interface: InterfaceId | null;
  /** Null where its request was not captured. */
  readonly opnum: number | null;
}

export interface FollowedMessage extends OfCall {
  readonly type: "request" | "response";
  readonly object: string | null;
  /** Null where the bind was not captured, or a syntax was agreed on that isn't known. */
  readonly format: StubFormat | null;
  readonly stub: Uint8Array;
  /** Why the stub is not in the clear, or can't be trusted to be whole; null where it is. */
  readonly problem: string | null;
}

export interface FollowedFault extends OfCall {
  readonly type: "fault";
  readonly status: number;
}

/** Something that is not understood or not there. What came before stands. */
export interface FollowedProblem {
  readonly type: "problem";
  readonly flow: Flow | null;
  readonly time: number;
  readonly packet: number;
  readonly message: string;
}

export type FollowedEvent =
  FollowedBind | FollowedRefusal | FollowedMessage | FollowedFault | FollowedProblem;

/** Follows one security context by the tokens that went over, and opens what it sealed. */
export interface SecurityWatcher {
  /** A token of one end, in the order they were sent. */
  token(fromClient: boolean, token: Uint8Array): void;
  /**
   * Takes a PDU that is signed, or sealed: then it is decrypted in place.
   *
   * @throws SecurityError where there is no key for it, or it doesn't fit
   */
  open(fromClient: boolean, pdu: ProtectedPdu, token: Uint8Array, isSealed: boolean): void;
}

export interface FollowOptions {
  /** Makes a watcher for a security context by its auth_type; null for one that can't be followed. Default: none can. */
  readonly watch?: (authType: number) => SecurityWatcher | null;
  /** Octets of a call's stub; more are left out. Default: 4 MiB. */
  readonly maxStub?: number;
}
