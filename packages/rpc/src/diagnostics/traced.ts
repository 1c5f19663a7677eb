/** An interceptor that tells a tracing channel of calls. */
import { tracingChannel, type TracingChannel } from "node:diagnostics_channel";
import type { InterceptedCall, Next } from "../interceptor.ts";
import { channelNames } from "./events.ts";

/** A call, the same object at its start and at its end. What the call carries is no part of it. */
export interface CallEvent {
  readonly role: "client" | "server";
  /** As in the IDL. */
  readonly interface: string;
  readonly uuid: string;
  /** As in the IDL. */
  readonly operation: string;
  readonly opnum: number;
  /** What it threw, at `error` and after it. */
  readonly error?: unknown;
}

const callChannel: TracingChannel<string, CallEvent> = tracingChannel(channelNames.call);

/**
 * Tells `tracing:msrpc:call:start`, `end`, `asyncStart`, `asyncEnd` and `error` of each call: an interceptor for
 * clients and servers alike. Stores bound to `start` hold during the call.
 */
export function traced<Call extends InterceptedCall>(next: Next<Call>): Next<Call> {
  return async (call) => {
    if (!callChannel.hasSubscribers) return await next(call);
    const { interface: descriptor, operation } = call;
    const event: CallEvent = {
      role: "context" in call ? "server" : "client",
      interface: descriptor.name,
      uuid: descriptor.uuid,
      operation: operation.name,
      opnum: operation.opnum,
    };
    let result: unknown;
    await callChannel.tracePromise(async () => {
      result = await next(call);
    }, event);
    return result;
  };
}
