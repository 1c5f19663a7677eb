/** Which TCP stream each connection is written as. */
import type { ConnectionInfo, Endpoint } from "../diagnostics/events.ts";
import { addressOctets } from "./ip-address.ts";
import type { Address } from "./tcp-packet.ts";
import { TcpStream } from "./tcp-stream.ts";

export interface Flow {
  readonly stream: TcpStream;
  readonly role: ConnectionInfo["role"];
  /** Its end was written. */
  closed: boolean;
}

/** Ended flows that are remembered for what their other end still tells. */
const remembered = 1024;
/** Ports of TCP's dynamic range stand for the paths of Unix sockets. */
const firstDynamicPort = 49_152;
/** Addresses for examples (RFC 5737) stand for the ends of Unix sockets. */
const inventedServer = Uint8Array.of(192, 0, 2, 1);
const inventedClient = Uint8Array.of(192, 0, 2, 2);

export class Flows {
  readonly #byId = new Map<number, Flow | null>();
  readonly #byAddresses = new Map<string, Flow>();
  readonly #paths = new Map<string, number>();
  #unixClients = 0;

  /** The flow of a connection that was seen before; undefined for a new one, null for one that is not written. */
  find({ id }: ConnectionInfo): Flow | null | undefined {
    return this.#byId.get(id);
  }

  /** Leaves a connection out. */
  ignore({ id }: ConnectionInfo): void {
    this.#byId.set(id, null);
  }

  /** Takes a new connection in; null for the other end of one that is there already. */
  add(connection: ConnectionInfo): Flow | null {
    const { id, role, local, remote } = connection;
    const [client, server] = role === "client" ? [local, remote] : [remote, local];
    const isTcp = client.port !== null && server.port !== null;
    const key = isTcp ? `${textOf(client)} ${textOf(server)}` : `${id}`;
    const known = this.#byAddresses.get(key);
    const isOtherEnd = known !== undefined && known.role !== role;
    const flow = isOtherEnd
      ? null
      : { stream: this.#streamOf(client, server), role, closed: false };
    this.#byId.set(id, flow);
    if (flow !== null && isTcp) this.#remember(key, flow);
    return flow;
  }

  remove({ id }: ConnectionInfo): void {
    this.#byId.delete(id);
  }

  #remember(key: string, flow: Flow): void {
    this.#byAddresses.delete(key);
    this.#byAddresses.set(key, flow);
    if (this.#byAddresses.size <= remembered) return;
    for (const [old, { closed }] of this.#byAddresses) {
      if (closed) this.#byAddresses.delete(old);
      if (this.#byAddresses.size <= remembered) return;
    }
  }

  #streamOf(client: Endpoint, server: Endpoint): TcpStream {
    if (client.port !== null && server.port !== null) {
      return new TcpStream(addressOf(client, client.port), addressOf(server, server.port));
    }
    const path = server.address;
    let place = this.#paths.get(path);
    if (place === undefined) {
      place = this.#paths.size % (0x1_0000 - firstDynamicPort);
      this.#paths.set(path, place);
    }
    const clientPort = 1 + (this.#unixClients++ % 0xffff);
    return new TcpStream(
      { ip: inventedClient, port: clientPort },
      { ip: inventedServer, port: firstDynamicPort + place },
    );
  }
}

function textOf({ address, port }: Endpoint): string {
  return `${addressOctets(address).join(".")}:${port}`;
}

function addressOf({ address }: Endpoint, port: number): Address {
  return { ip: addressOctets(address), port };
}
