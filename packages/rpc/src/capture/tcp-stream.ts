/** A TCP stream made up from what went over a connection: handshake, segments, end. */
import { type Address, segmentSize, tcpFlags, tcpPacket } from "./tcp-packet.ts";

/** Where both sequences start; readers show them from 0. */
const initialSequence = 1;

export class TcpStream {
  readonly #ends: readonly [client: Address, server: Address];
  /** Next sequence number of each end. */
  readonly #next: [client: number, server: number] = [initialSequence, initialSequence];

  constructor(client: Address, server: Address) {
    this.#ends = [client, server];
  }

  /** The handshake. */
  open(): Uint8Array[] {
    const { syn, ack } = tcpFlags;
    const first = this.#segment(true, syn);
    this.skip(true, 1);
    const second = this.#segment(false, syn | ack);
    this.skip(false, 1);
    return [first, second, this.#segment(true, ack)];
  }

  /** Octets of one end, in as many segments as it takes. */
  data(fromClient: boolean, octets: Uint8Array): Uint8Array[] {
    const packets: Uint8Array[] = [];
    for (let at = 0; at < octets.length; at += segmentSize) {
      const data = octets.subarray(at, at + segmentSize);
      const isLast = at + segmentSize >= octets.length;
      packets.push(this.#segment(fromClient, tcpFlags.ack | (isLast ? tcpFlags.psh : 0), data));
      this.skip(fromClient, data.length);
    }
    return packets;
  }

  /** Octets that are not written: readers see a gap. */
  skip(fromClient: boolean, length: number): void {
    const end = fromClient ? 0 : 1;
    this.#next[end] = (this.#next[end] + length) >>> 0;
  }

  /** In order, begun by one end; or cut off by it. */
  close(fromClient: boolean, inOrder: boolean): Uint8Array[] {
    const { fin, rst, ack } = tcpFlags;
    if (!inOrder) return [this.#segment(fromClient, rst | ack)];
    const first = this.#segment(fromClient, fin | ack);
    this.skip(fromClient, 1);
    const second = this.#segment(!fromClient, fin | ack);
    this.skip(!fromClient, 1);
    return [first, second, this.#segment(fromClient, ack)];
  }

  #segment(fromClient: boolean, flags: number, data: Uint8Array = new Uint8Array(0)): Uint8Array {
    const [client, server] = this.#ends;
    const [ofClient, ofServer] = this.#next;
    const isAnswered = (flags & tcpFlags.ack) !== 0;
    return tcpPacket(
      fromClient
        ? {
            from: client,
            to: server,
            sequence: ofClient,
            acknowledgment: isAnswered ? ofServer : 0,
            flags,
            data,
          }
        : { from: server, to: client, sequence: ofServer, acknowledgment: ofClient, flags, data },
    );
  }
}
