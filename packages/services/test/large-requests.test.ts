/** What anybody may send to the services that anybody may call. */
import { connect } from "node:net";
import { epm } from "@msrpc/dce-rpc/epm";
import { mgmt } from "@msrpc/dce-rpc/mgmt";
import { transferSyntaxes } from "@msrpc/ndr";
import { createRouter } from "@msrpc/rpc";
import { decodePdu, encodePdu } from "@msrpc/rpc/pdu";
import { tcpServer } from "@msrpc/rpc/tcp";
import { EndpointMap, serveEndpointMapper, serveManagement } from "@msrpc/services";
import { expect, test } from "vitest";

const common = { flags: 3, littleEndian: true, verifier: null } as const;

const largest = 65_536;

test.each([mgmt, epm])("$name takes no request beyond 64 KiB", async (descriptor) => {
  const router = createRouter({ onError() {} });
  await using server = tcpServer(router);
  serveManagement(router, server);
  serveEndpointMapper(router, new EndpointMap());
  const port = Number(/\[(\d+)\]/.exec(await server.listen("ncacn_ip_tcp:127.0.0.1[0]"))?.[1]);
  const { uuid, version } = descriptor;
  const proposal = { contextId: 0, abstractSyntax: { uuid, version } };
  const bind = encodePdu({
    type: "bind",
    ...common,
    callId: 1,
    maxTransmit: 5840,
    maxReceive: 5840,
    groupId: 0,
    proposals: [{ ...proposal, transferSyntaxes: [transferSyntaxes.ndr] }],
  });
  const part = { ...common, contextId: 0, opnum: 0, object: null, allocHint: 0 };
  const fragments = [4096, largest - 4096, 1].map((length, i) => {
    const flags = i === 0 ? 1 : 0;
    return encodePdu({ type: "request", ...part, flags, callId: 2, body: new Uint8Array(length) });
  });
  const socket = connect(port, "127.0.0.1");
  socket.write(Buffer.concat([bind, ...fragments]));
  const answers: Buffer[] = [];
  for await (const chunk of socket) answers.push(chunk as Buffer);
  const octets = Uint8Array.from(Buffer.concat(answers));
  const length = octets[8]! + 256 * octets[9]!;
  expect(decodePdu(octets.subarray(length))).toMatchObject({ type: "fault", status: 5 });
});
