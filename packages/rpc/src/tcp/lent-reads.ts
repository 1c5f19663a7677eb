/**
 * Reads of all sockets into one buffer.
 *
 * As a rule Node makes a buffer of 64 KiB for each read, however little comes, cuts it to size and leaves it to the garbage
 * collector, which takes as long as all that a server does for a short call. A socket that is told so when it is made
 * (`onread`) reads into a buffer that it is given, over and over. Sockets that a `net.Server` accepts are made by Node,
 * which knows no such option for them; so another socket is made, with the option, of what the first one is a socket of. How
 * to get at that is not documented (`_handle`, and `handle` as an option, as Node's own modules do it), so that it is looked
 * at, and where it is something else, the socket stays as it is, and gives what it read as `data`.
 */
import { type OnReadOpts, Socket } from "node:net";

/** No two reads are under way at a time: each is done when its callback returns. */
const shared = new Uint8Array(0x1_0000);

/** Where a socket reads to, and who hears of it. */
export class LentReads implements OnReadOpts {
  readonly buffer: Uint8Array = shared;
  /** Octets that came, which are gone when it returns. */
  onOctets: (octets: Uint8Array) => void = () => {};

  readonly callback = (count: number): boolean => {
    this.onOctets(shared.subarray(0, count));
    return true;
  };
}

/** Of a socket, as far as it is what Node has had for long. */
interface Innards {
  _handle?: { readonly useUserBuffer?: unknown } | null;
}

/** A socket in the place of one that was accepted and has not read yet: with these reads, or the same where that can't be. */
export function withReads(accepted: Socket, reads: LentReads): Socket {
  const innards = accepted as Innards;
  const handle = innards._handle;
  if (typeof handle?.useUserBuffer !== "function") return accepted;
  const options: object = { handle, onread: reads, allowHalfOpen: true, pauseOnCreate: true };
  const socket = new Socket(options);
  if ((socket as Innards)._handle !== handle) return accepted;
  innards._handle = null;
  accepted.destroy();
  return socket;
}
