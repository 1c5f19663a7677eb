/** The seam between a connection's protocol and whatever carries its octets. */

/** A stream of octets in both directions. */
export interface ByteChannel {
  /** Sends octets, which the caller must not touch again. False: it likes to be asked for less. */
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
}

/** What a connection hears from its channel. */
export interface ChannelListener {
  received(octets: Uint8Array): void;
  /** After a `write` that gave false: there is room again. */
  drained(): void;
  /** Nothing more comes or goes. Called once; with the error where it didn't end in order. */
  closed(error: Error | null): void;
}
