/** Clients that are gone before their connection is accepted, though their octets have arrived. */
import { execFileSync } from "node:child_process";
import { connect } from "node:net";
import { once } from "node:events";
import { type Caller, createRouter } from "@msrpc/rpc";
import { encodePdu } from "@msrpc/rpc/pdu";
import { tcpServer } from "@msrpc/rpc/tcp";
import { expect, test } from "vitest";
import { echo } from "./echo.ts";
import { bind, request } from "./support/wire.ts";

/** Connects, sends and resets, while the server that it does so to can accept nothing. */
const script = `
  const socket = require("node:net").connect(Number(process.argv[1]), "127.0.0.1", () => {
    socket.write(Buffer.from(process.argv[2], "hex"), () => socket.resetAndDestroy());
  });
`;
const octets = Buffer.concat([encodePdu(bind()), encodePdu(request())]);

test("a connection that was reset before it was accepted is not served", async () => {
  const callers: Caller[] = [];
  const router = createRouter({ onError() {} }).serve(echo, {
    echoData({ data }, { caller }) {
      callers.push(caller);
      return { data };
    },
  });
  await using server = tcpServer(router);
  const port = Number(/\[(\d+)\]/.exec(await server.listen("ncacn_ip_tcp:127.0.0.1[0]"))?.[1]);
  for (let i = 0; i < 3; i++) {
    execFileSync(process.execPath, ["-e", script, String(port), octets.toString("hex")]);
  }
  const socket = connect(port, "127.0.0.1");
  socket.write(octets);
  await once(socket, "data");
  const from = `127.0.0.1:${socket.localPort}`;
  expect(callers).toMatchObject([{ transport: "tcp", address: from, reached: "127.0.0.1" }]);
  expect(server.connections).toBe(1);
  socket.destroy();
});
