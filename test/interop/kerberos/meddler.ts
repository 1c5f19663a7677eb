// Stands between client and server, and does something to the second and third request of a connection.
import { connect, createServer, type Socket } from "node:net";

/** What becomes of two requests. */
export type Attack = (second: Buffer, third: Buffer) => readonly Buffer[];

export interface Meddler extends AsyncDisposable {
  readonly binding: string;
}

export async function meddle(address: string, binding: string, attack: Attack): Promise<Meddler> {
  const port = Number(/\[(\d+)\]/.exec(binding)?.[1]);
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const onward = connect(port, address);
    for (const [from, to] of [
      [client, onward],
      [onward, client],
    ] as const) {
      sockets.add(from);
      from.on("error", () => to.destroy()).on("close", () => to.destroy());
    }
    onward.on("data", (chunk) => client.write(chunk));
    const requests: Buffer[] = [];
    eachPdu(client, (pdu) => {
      if (pdu[2] !== 0) return onward.write(pdu);
      requests.push(pdu);
      const [, second, third] = requests;
      if (requests.length === 2) return;
      const isThird = requests.length === 3 && second !== undefined && third !== undefined;
      for (const changed of isThird ? attack(second, third) : [pdu]) onward.write(changed);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  const bound = server.address();
  if (typeof bound !== "object" || bound === null) throw new Error("there is no port");
  return {
    binding: `ncacn_ip_tcp:${address}[${bound.port}]`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Cuts a little-endian stream at the lengths in its headers. */
function eachPdu(socket: Socket, take: (pdu: Buffer) => void): void {
  let held = Buffer.alloc(0);
  socket.on("data", (chunk: Buffer) => {
    held = Buffer.concat([held, chunk]);
    while (held.length >= 16 && held.length >= held.readUInt16LE(8)) {
      const length = held.readUInt16LE(8);
      take(held.subarray(0, length));
      held = held.subarray(length);
    }
  });
}
