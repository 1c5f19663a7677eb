/** Writes what somebody else carries over connections as a pcapng file. */
import type { Writable } from "node:stream";
import { finished } from "node:stream/promises";
import { addressOctets } from "./ip-address.ts";
import { fileHead, packetBlock } from "./pcapng.ts";
import { TcpStream } from "./tcp-stream.ts";

/** An end of a connection. */
export interface SessionEnd {
  readonly address: string;
  readonly port: number;
}

/** A connection that is written. */
export interface WrittenConnection {
  /** Octets that one end sent; false where the file is behind, and whoever sends should wait for `drained`. */
  data(fromClient: boolean, octets: Uint8Array): boolean;
  /** Its end; `isOrderly`: nobody cut it off. */
  close(fromClient: boolean, isOrderly: boolean): void;
}

export interface SessionWriter extends AsyncDisposable {
  open(client: SessionEnd, server: SessionEnd): WrittenConnection;
  /** Resolves when what was written so far has gone. @throws what the file failed with */
  drained(): Promise<void>;
  /** @throws what the file failed with */
  close(): Promise<void>;
}

/** Writes to a stream, which it ends. */
export function writeSession(out: Writable): SessionWriter {
  const done = finished(out, { readable: false });
  // Whoever closes it hears of it.
  done.catch(() => {});
  out.write(fileHead("msrpc", ["proxy"]));
  const write = (packets: readonly Uint8Array[]): boolean => {
    const time = Date.now();
    const blocks = packets.map((packet) => packetBlock(0, time, packet, ""));
    return blocks.length === 0 || (!out.destroyed && out.write(Buffer.concat(blocks)));
  };
  const close = async (): Promise<void> => {
    if (!out.writableEnded) out.end();
    await done;
  };
  return {
    open(client, server) {
      const stream = new TcpStream(endOf(client), endOf(server));
      write(stream.open());
      let isClosed = false;
      return {
        data: (fromClient, octets) => write(stream.data(fromClient, octets)),
        close(fromClient, isOrderly) {
          if (isClosed) return;
          isClosed = true;
          write(stream.close(fromClient, isOrderly));
        },
      };
    },
    async drained() {
      if (!out.writableNeedDrain) return;
      const isDrained = new Promise<void>((resolve) => out.once("drain", () => resolve()));
      await Promise.race([isDrained, done]);
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function endOf({ address, port }: SessionEnd): { readonly ip: Uint8Array; readonly port: number } {
  return { ip: addressOctets(address), port };
}
