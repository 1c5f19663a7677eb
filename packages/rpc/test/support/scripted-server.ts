/** A server on loopback that binds everything, or as it is told, and leaves requests to the test. */
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import {
  type BindAckPdu,
  type BindPdu,
  decodePdu,
  encodePdu,
  headerLength,
  type Pdu,
  type RequestPdu,
} from "@msrpc/rpc/pdu";

/** A request with the number of the connection that it came on, from 0. */
export type NumberedRequest = RequestPdu & { readonly connection: number };

export interface ScriptedServer extends AsyncDisposable {
  readonly binding: string;
  /** Connections so far. */
  readonly connections: number;
  /** Binds so far. */
  readonly binds: number;
  /** Resolves with the first so many requests, each in one fragment. */
  requests(count: number): Promise<NumberedRequest[]>;
  /** On all connections, or one. */
  send(pdu: Pdu, connection?: number): void;
  /** Ends a connection. */
  cut(connection: number): void;
}

/** The answer to the bind of a connection; null where there is none. */
export type AnswerBind = (bind: BindPdu, accepted: BindAckPdu, connection: number) => Pdu | null;

export async function scriptedServer(
  answerBind: AnswerBind = (_bind, accepted) => accepted,
): Promise<ScriptedServer> {
  const requests: NumberedRequest[] = [];
  const sockets: Socket[] = [];
  let binds = 0;
  let awaited = { count: Infinity, resolve(): void {} };
  const take = (pdu: Pdu, connection: number): void => {
    if (pdu.type === "bind") binds++;
    if (pdu.type === "bind" || pdu.type === "alter_context") {
      const answer = answerBind(pdu, accept(pdu), connection);
      if (answer !== null) send(answer, connection);
    }
    if (pdu.type !== "request") return;
    if (requests.push({ ...pdu, connection }) >= awaited.count) awaited.resolve();
  };
  const send = (pdu: Pdu, connection?: number): void => {
    for (const [i, socket] of sockets.entries()) {
      if (connection === undefined || connection === i) socket.write(encodePdu(pdu));
    }
  };
  const server = createServer((socket) => {
    const connection = sockets.push(socket) - 1;
    // A client may end its connection at once.
    socket.on("error", () => {});
    let left: Buffer = Buffer.alloc(0);
    socket.on("data", (octets) => {
      left = Buffer.concat([left, octets]);
      for (;;) {
        if (left.length < headerLength) break;
        const length = left[4] === 0 ? left.readUInt16BE(8) : left.readUInt16LE(8);
        if (left.length < length) break;
        take(decodePdu(Uint8Array.from(left.subarray(0, length))), connection);
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
    get binds() {
      return binds;
    },
    get connections() {
      return sockets.length;
    },
    cut(connection) {
      sockets[connection]?.destroy();
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

function accept(bind: BindPdu): BindAckPdu {
  const { callId, flags, maxTransmit, maxReceive, littleEndian, proposals } = bind;
  return {
    type: bind.type === "bind" ? "bind_ack" : "alter_context_resp",
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
