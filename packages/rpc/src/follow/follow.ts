/** From a capture file to the calls in it. */
import { type Address, tcpFlags } from "../capture/tcp-packet.ts";
import { CaptureFileError, readPackets } from "./capture-file.ts";
import { Conversation, type Where } from "./conversation.ts";
import type { FollowedEvent, FollowOptions } from "./events.ts";
import { HalfStream } from "./half-stream.ts";
import { isKnownLink, segmentIn } from "./segments.ts";

/** Connections that are followed at once; the one that was quiet for longest goes where there are more. */
const mostConnections = 4096;

interface Followed {
  readonly conversation: Conversation;
  /** The end that the flow has as its client's. */
  readonly first: string;
  readonly halves: Readonly<Record<"first" | "second", HalfStream>>;
}

/**
 * Follows the RPC over TCP in a capture file: binds, contexts, fragments, in both directions. What is no RPC is passed over.
 * Nothing that a file holds makes it throw: damage is told as an event, and ends what it is in.
 */
export function* followCapture(
  file: Uint8Array,
  options: FollowOptions = {},
): Generator<FollowedEvent> {
  const follower = new Follower(options);
  let where: Where = { time: 0, packet: 0 };
  const told = new Set<number>();
  try {
    for (const { number, time, linkType, octets } of readPackets(file)) {
      where = { time, packet: number };
      if (!isKnownLink(linkType) && !told.has(linkType) && told.size < 16) {
        told.add(linkType);
        const message = `packets of link type ${linkType} are not read`;
        yield { type: "problem", flow: null, ...where, message };
      }
      yield* follower.packet(linkType, octets, where);
    }
  } catch (error) {
    if (!(error instanceof CaptureFileError)) throw error;
    yield* follower.finish(where);
    yield { type: "problem", flow: null, ...where, message: error.message };
    return;
  }
  yield* follower.finish(where);
}

class Follower {
  readonly #options: FollowOptions;
  readonly #connections = new Map<string, Followed>();
  #flows = 0;

  constructor(options: FollowOptions) {
    this.#options = options;
  }

  *packet(linkType: number, octets: Uint8Array, where: Where): Generator<FollowedEvent> {
    const segment = segmentIn(linkType, octets);
    if (segment === null) return;
    const { flags, sequence, data } = segment;
    const [from, to] = [textOf(segment.from), textOf(segment.to)];
    const key = from < to ? `${from} ${to}` : `${to} ${from}`;
    const isSyn = (flags & tcpFlags.syn) !== 0;
    const isOpening = isSyn && (flags & tcpFlags.ack) === 0;
    let followed = this.#connections.get(key);
    if (isOpening && followed !== undefined) {
      yield* this.#end(key, followed, where);
      followed = undefined;
    }
    if (followed === undefined) {
      if (!isSyn && data.length === 0) return;
      const isAnswer = isSyn && !isOpening;
      followed = this.#begin(isAnswer ? to : from, isAnswer ? from : to);
    }
    // The quietest stands first.
    this.#connections.delete(key);
    this.#connections.set(key, followed);
    const [oldest] = this.#connections;
    if (this.#connections.size > mostConnections && oldest !== undefined) {
      yield* this.#end(...oldest, where);
    }
    const isFirst = from === followed.first;
    const half = followed.halves[isFirst ? "first" : "second"];
    if (isSyn) half.start(sequence);
    const start = isSyn ? (sequence + 1) >>> 0 : sequence;
    for (const piece of half.push(start, data)) {
      yield* followed.conversation.push(isFirst, piece, where);
    }
    if ((flags & tcpFlags.rst) !== 0) yield* this.#end(key, followed, where);
  }

  *finish(where: Where): Generator<FollowedEvent> {
    for (const [key, followed] of this.#connections) yield* this.#end(key, followed, where);
  }

  #begin(client: string, server: string): Followed {
    const flow = { id: ++this.#flows, client, server };
    const conversation = new Conversation(flow, this.#options);
    const halves = { first: new HalfStream(), second: new HalfStream() };
    return { conversation, first: client, halves };
  }

  *#end(key: string, { conversation, halves }: Followed, where: Where): Generator<FollowedEvent> {
    this.#connections.delete(key);
    for (const isFirst of [true, false]) {
      for (const piece of halves[isFirst ? "first" : "second"].finish()) {
        yield* conversation.push(isFirst, piece, where);
      }
    }
  }
}

function textOf({ ip, port }: Address): string {
  if (ip.length === 4) return `${ip.join(".")}:${port}`;
  const groups = Array.from({ length: 8 }, (_, at) =>
    (((ip[2 * at] ?? 0) << 8) | (ip[2 * at + 1] ?? 0)).toString(16),
  );
  return `[${groups.join(":")}]:${port}`;
}
