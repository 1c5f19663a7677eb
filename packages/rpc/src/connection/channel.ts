/** The seam between a connection's protocol and whatever carries its octets. */
import type { PduHeader } from "../pdu/index.ts";

/** A stream of octets in both directions. */
export interface ByteChannel {
  /**
   * Sends whole PDUs. True: that is done, and the octets are the caller's again. False: it goes on, they must not be
   * touched, and `drained` is called in the end.
   */
  write(octets: Uint8Array): boolean;
  /** Ends after everything written has been sent. */
  end(): void;
  /** Ends at once. */
  destroy(): void;
  /** Stops and restarts the flow of received octets. */
  pause(): void;
  resume(): void;
  /** Runs a function soon, when what is under way has been done. */
  defer(run: () => void): void;
  /** Runs a function when everything else that waits for the event loop has had its turn. */
  later(run: () => void): void;
  /** Is told each PDU that came before anything is made of it; null for octets that are none. */
  observe?(octets: Uint8Array, header: PduHeader | null): void;
}

/** What a connection hears from its channel. */
export interface ChannelListener {
  /**
   * Octets have come. They are the listener's until it returns, to write to as well; after that the channel uses their
   * place for others, so that what is kept has to be copied.
   */
  received(octets: Uint8Array): void;
  /** After a `write` that gave false: all that was written has been sent. */
  drained(): void;
  /** Nothing more comes or goes. Called once; with the error where it didn't end in order. */
  closed(error: Error | null): void;
}
