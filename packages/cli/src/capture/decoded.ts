/** Messages of a capture, decoded by the plans of IDL files. */
import { findTrailer } from "@msrpc/rpc/pdu";
import type { FollowedEvent, FollowedMessage } from "@msrpc/rpc/follow";
import { type Decoded, decodeStub, type StructValue } from "@msrpc/wire";
import type { FoundOperation } from "../find.ts";
import type { Interfaces } from "./interfaces.ts";
import { Recent } from "./recent.ts";

/** A message with what it says: null where no file has its operation, or it is not in the clear. */
export interface DecodedMessage {
  readonly type: "message";
  readonly message: FollowedMessage;
  readonly found: FoundOperation | null;
  readonly decoded: Decoded<StructValue> | null;
  /** Octets behind its last parameter that are not a verification trailer. */
  readonly trailing: number;
}

export type DecodedEvent = Exclude<FollowedEvent, FollowedMessage> | DecodedMessage;

/** Parts of a message: what is read of a larger one is its beginning. */
const maxNodes = 100_000;

export function* decodeEvents(
  events: Iterable<FollowedEvent>,
  interfaces: Interfaces,
): Generator<DecodedEvent> {
  const requests = new Recent<StructValue>();
  for (const event of events) {
    if (!isMessage(event)) {
      yield event;
      continue;
    }
    const key = `${event.flow.id} ${event.callId}`;
    const request = event.type === "response" ? requests.take(key) : undefined;
    const shown = decodeMessage(event, interfaces, request);
    if (event.type === "request" && shown.decoded?.fault === null) {
      requests.keep(key, shown.decoded.value, event.stub.length);
    }
    yield shown;
  }
}

function isMessage(event: FollowedEvent): event is FollowedMessage {
  return event.type === "request" || event.type === "response";
}

function decodeMessage(
  message: FollowedMessage,
  interfaces: Interfaces,
  request: StructValue | undefined,
): DecodedMessage {
  const { interface: id, opnum, format, stub, problem } = message;
  const found = id === null || opnum === null ? null : interfaces.operation(id, opnum);
  if (found === null || format === null || problem !== null) {
    return { type: "message", message, found, decoded: null, trailing: 0 };
  }
  const direction = message.type === "request" ? "in" : "out";
  const decoded = decodeStub(found.plan, found.operation, direction, stub, {
    syntax: format.syntax,
    bigEndian: format.byteOrder === "big",
    maxNodes,
    ...(request && { request }),
  });
  const isTrailer =
    decoded.trailing > 0 && message.type === "request" && hasTrailer(message, decoded);
  return { type: "message", message, found, decoded, trailing: isTrailer ? 0 : decoded.trailing };
}

/** What proves the binds behind a request belongs to nobody's parameters ([MS-RPCE] 2.2.2.13). */
function hasTrailer({ stub }: FollowedMessage, { tree }: Decoded<StructValue>): boolean {
  try {
    return findTrailer(stub, tree.end) !== null;
  } catch {
    return false;
  }
}
