/** A call at a server's binding, without transport. */
import type { CallInfo, ServerBinding, ServerReply } from "@msrpc/rpc";
import { ownProcess } from "../../src/call-context.ts";

/** The reply, whose stub is a copy. */
export function replyOf(
  binding: ServerBinding | null,
  opnum: number,
  stub: Uint8Array,
  call: CallInfo = { signal: new AbortController().signal, caller: ownProcess },
): Promise<ServerReply> {
  return new Promise((resolve, reject) => {
    if (binding === null) return reject(new Error("the interface is not served"));
    binding.call(opnum, stub, call, (reply) => {
      resolve(reply.fault === undefined ? { stub: reply.stub.slice() } : reply);
    });
  });
}
