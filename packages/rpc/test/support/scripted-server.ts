/** A server on loopback that binds everything and leaves requests to the test. */
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { decodePdu, encodePdu, headerLength, type Pdu, type RequestPdu } from "@msrpc/rpc/pdu";

export interface ScriptedServer extends AsyncDisposable {
  readonly binding: string;
  /** Resolves with the first so many requests, each in one fragment. */
  requests(count: number): Promise<RequestPdu[]>;
  send(pdu: Pdu): void;
}

export async function scriptedServer(): Promise<ScriptedServer> {
  const requests: RequestPdu[] = [];
  const sockets: Socket[] = [];
  let awaited = { count: Infinity, resolve(): void {} };
  const take = (pdu: Pdu): void => {
    if (pdu.type === "bind") send(accept(pdu));
    if (pdu.type !== "request") return;
    if (requests.push(pdu) >= awaited.count) awaited.resolve();
  };
  const send = (pdu: Pdu): void => {
    for (const socket of sockets) socket.write(encodePdu(pdu));
  };
  const server = createServer((socket) => {
    sockets.push(socket);
    let left: Buffer = Buffer.alloc(0);
    socket.on("data", (octets) => {
      left = Buffer.concat([left, octets]);
      for (;;) {
        if (left.length < headerLength) break;
        const length = left[4] === 0 ? left.readUInt16BE(8) : left.readUInt16LE(8);
        if (left.length < length) break;
        take(decodePdu(Uint8Array.from(left.subarray(0, length))));
        left = left.subarray(length);
      }
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return {
    binding: `ncacn_ip_tcp:127.0.0.1[${port}]`,
    requests: (count) =>
      new Promise((resolve) => {
        awaited = { count, resolve: () => resolve(requests.slice(0, count)) };
        if (requests.length >= count) awaited.resolve();
      }),
    send,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

function accept(bind: Pdu & { readonly type: "bind" | "alter_context" }): Pdu {
  const { callId, flags, maxTransmit, maxReceive, littleEndian, proposals } = bind;
  return {
    type: "bind_ack",
    flags,
    callId,
    littleEndian,
    maxTransmit,
    maxReceive,
    groupId: 1,
    secondaryAddress: "",
    results: proposals.map(({ transferSyntaxes: [transferSyntax] }) => {
      if (transferSyntax === undefined) throw new Error("a proposal without a syntax");
      return { result: 0, reason: 0, transferSyntax };
    }),
    verifier: null,
  };
}

/** An answer in one fragment. */
export function responseTo(
  { callId, contextId }: RequestPdu,
  body: Uint8Array,
  littleEndian: boolean,
): Pdu {
  const common = { flags: 3, callId, littleEndian, verifier: null } as const;
  return {
    type: "response",
    allocHint: body.length,
    contextId,
    cancelCount: 0,
    body,
    ...common,
  };
}
