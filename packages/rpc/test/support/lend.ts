/** Octets as a channel gives them: in a place where others come as soon as they were taken. */
import type { ChannelListener } from "../../src/connection/channel.ts";

/** Of all channels of a test file, as long as sockets have it. */
const place = new Uint8Array(0x1_0000);

/** In as many reads as it takes. */
export function lend(listener: Pick<ChannelListener, "received">, octets: Uint8Array): void {
  for (let at = 0; at === 0 || at < octets.length; at += place.length) {
    const part = octets.subarray(at, at + place.length);
    place.set(part);
    try {
      listener.received(place.subarray(0, part.length));
    } finally {
      place.fill(0xdd);
    }
  }
}
