/** Calls of a capture with their answers, as JSON: what servers are played from. */
import type { FollowedEvent } from "@msrpc/rpc/follow";
import { RpcFault } from "@msrpc/rpc";
import { type Json, stubToJson } from "@msrpc/wire";
import type { DecodedEvent, DecodedMessage } from "./decoded.ts";
import type { Interfaces } from "./interfaces.ts";
import { Recent } from "./recent.ts";

/** A call as `msrpc decode --format json` has it, and scripts of `msrpc mock`. */
export interface SessionCall {
  /** `rpcecho.AddOne`; the interface's UUID and the opnum where no file has it. */
  readonly operation: string;
  readonly request?: Json;
  readonly response?: Json;
  /** By name, or in hexadecimal. */
  readonly fault?: string;
  /** What is wrong with it. */
  readonly problems?: readonly string[];
  readonly client?: string;
  readonly server?: string;
  /** Of its request, in milliseconds since 1970. */
  readonly time?: number;
}

/** The calls of a capture in the order of their answers; those without one stand last, or where there is no room for them. */
export function* sessionCalls(
  events: Iterable<DecodedEvent>,
  interfaces: Interfaces,
): Generator<SessionCall> {
  const open = new Recent<SessionCall>();
  for (const event of events) {
    if (event.type === "fault") {
      const { statusName } = new RpcFault(event.status);
      const key = `${event.flow.id} ${event.callId}`;
      yield { ...(open.take(key) ?? startOf(event, interfaces)), fault: statusName };
    }
    if (event.type !== "message") continue;
    const { message } = event;
    const key = `${message.flow.id} ${message.callId}`;
    if (message.type === "request") {
      const call = { ...startOf(message, interfaces), ...partOf(event, "request") };
      yield* open.keep(key, call, message.stub.length);
    } else {
      const start = open.take(key) ?? startOf(message, interfaces);
      const part = partOf(event, "response");
      const problems = [...(start.problems ?? []), ...(part.problems ?? [])];
      yield { ...start, ...part, ...(problems.length > 0 && { problems }) };
    }
  }
  yield* open.values();
}

function startOf(
  event: Extract<FollowedEvent, { type: "fault" | "request" | "response" }>,
  interfaces: Interfaces,
): SessionCall {
  const { interface: id, opnum, flow, time } = event;
  const { client, server } = flow;
  if (id === null || opnum === null) return { operation: "", client, server, time };
  const found = interfaces.operation(id, opnum);
  const name = interfaces.named(id) ?? id.uuid;
  return { operation: `${name}.${found?.operation.name ?? opnum}`, client, server, time };
}

function partOf(
  { message, found, decoded, trailing }: DecodedMessage,
  part: "request" | "response",
): Partial<SessionCall> {
  const problems = [
    ...(message.problem === null ? [] : [`${part}: ${message.problem}`]),
    ...(found === null ? [`${part}: no file has the operation`] : []),
    ...(decoded === null || decoded.fault === null ? [] : [`${part}: ${decoded.fault.message}`]),
    ...(trailing > 0 ? [`${part}: ${trailing} octets are left over`] : []),
  ];
  const wrong = problems.length > 0 ? { problems } : {};
  if (found === null || decoded === null) return wrong;
  const direction = part === "request" ? "in" : "out";
  const { plan, operation, statuses } = found;
  return { [part]: stubToJson(plan, operation, direction, decoded.value, statuses), ...wrong };
}
