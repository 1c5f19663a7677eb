/** Follows the RPC of one connection: binds and their answers, security contexts, calls. */
import { transferSyntaxes } from "@msrpc/ndr";
import { FrameSplitter, type Frame } from "../connection/frames.ts";
import {
  type BindAckPdu,
  type BindPdu,
  type ContextProposal,
  contextResults,
  decodeBody,
  type FaultPdu,
  headerLength,
  largestFragment,
  nakName,
  PduError,
  pduFlags,
  type PduType,
  readHeader,
  type RequestPdu,
  type ResponsePdu,
  sameSyntax,
  trailerLength,
  type Verifier,
  verifierOffset,
} from "../pdu/index.ts";
import { authLevels, SecurityError } from "../security.ts";
import type { InterfaceId } from "../transport.ts";
import { Messages } from "./calls.ts";
import type {
  Flow,
  FollowedContext,
  FollowedEvent,
  FollowOptions,
  SecurityWatcher,
} from "./events.ts";
import type { Piece } from "./half-stream.ts";

const ofClient: ReadonlySet<PduType> = new Set([
  "bind",
  "alter_context",
  "auth3",
  "request",
  "cancel",
  "orphaned",
] as const);

/** What is remembered of a connection at the most: contexts, security contexts, and calls that wait for answers. */
const mostRemembered = 4096;

/** After so many pieces that no PDU begins with, it is another protocol. */
const mostStrangers = 64;

/** Where in the capture something was found. */
export interface Where {
  readonly time: number;
  readonly packet: number;
}

interface Called {
  readonly contextId: number;
  readonly opnum: number;
}

interface Secured {
  readonly watcher: SecurityWatcher | null;
  readonly type: number;
}

export class Conversation {
  readonly flow: Flow;
  readonly #options: FollowOptions;
  readonly #contexts = new Map<number, FollowedContext>();
  readonly #secured = new Map<number, Secured>();
  readonly #proposed = new Map<number, readonly ContextProposal[]>();
  readonly #called = new Map<number, Called>();
  /** By whether they are the flow's client's. */
  readonly #splitters = new Map<boolean, FrameSplitter>();
  readonly #requests: Messages;
  readonly #responses: Messages;
  /** Both ends have said that they sign headers. */
  #signsHeaders = false;
  /** Pieces in a row that no PDU begins with. */
  #strangers = 0;
  /** It isn't RPC. */
  #isOver = false;

  constructor(flow: Flow, options: FollowOptions) {
    this.flow = flow;
    this.#options = options;
    const { maxStub = 4 << 20 } = options;
    this.#requests = new Messages(maxStub);
    this.#responses = new Messages(maxStub);
  }

  /** Takes what one end sent. */
  *push(isFirstEnd: boolean, piece: Piece, where: Where): Generator<FollowedEvent> {
    if (this.#isOver) return;
    if (piece.isAfterGap) {
      this.#splitters.delete(isFirstEnd);
      this.#requests.clear();
      this.#responses.clear();
      yield this.#problem(where, "octets are missing in the capture");
    }
    let splitter = this.#splitters.get(isFirstEnd);
    if (splitter === undefined) {
      // Nothing else begins so; what doesn't is in the middle of something, or another protocol.
      if (!beginsPdu(piece.octets)) {
        this.#isOver = ++this.#strangers >= mostStrangers;
        return;
      }
      this.#strangers = 0;
      splitter = new FrameSplitter(largestFragment, {});
      this.#splitters.set(isFirstEnd, splitter);
    }
    splitter.push(piece.octets);
    yield* this.#frames(isFirstEnd, splitter, where);
  }

  *#frames(isFirstEnd: boolean, splitter: FrameSplitter, where: Where): Generator<FollowedEvent> {
    try {
      for (let frame = splitter.next(); frame !== null; frame = splitter.next()) {
        yield* this.#frame(frame, where);
      }
    } catch (error) {
      if (!(error instanceof PduError)) throw error;
      // Where the next PDU would begin can't be known.
      this.#splitters.delete(isFirstEnd);
      yield this.#problem(where, `a PDU can't be read: ${error.message}`);
    }
  }

  *#frame(frame: Frame, where: Where): Generator<FollowedEvent> {
    const { header } = frame;
    const fromClient = ofClient.has(header.type);
    let pdu;
    try {
      pdu = decodeBody(frame.octets, header);
    } catch (error) {
      // Octets may be of any protocol: a field can end where there are none.
      if (!(error instanceof PduError) && !(error instanceof RangeError)) throw error;
      yield this.#problem(where, `a ${header.type} can't be read: ${error.message}`);
      return;
    }
    switch (pdu.type) {
      case "bind":
      case "alter_context":
        this.#propose(pdu);
        this.#token(fromClient, pdu.verifier);
        return;
      case "bind_ack":
      case "alter_context_resp":
        this.#token(fromClient, pdu.verifier);
        yield this.#agreed(pdu, where);
        return;
      case "bind_nak": {
        this.#proposed.delete(pdu.callId);
        const common = { flow: this.flow, ...where };
        yield { type: "refusal", ...common, reason: nakName(pdu.reason) };
        return;
      }
      case "auth3":
        this.#token(fromClient, pdu.verifier);
        return;
      case "request":
        yield* this.#request(frame, pdu, where);
        return;
      case "response":
        yield* this.#response(frame, pdu, where);
        return;
      case "fault":
        yield* this.#fault(frame, pdu, where);
        return;
      case "cancel":
      case "orphaned":
      case "shutdown":
        this.#openPdu(
          frame,
          fromClient,
          new Uint8Array(0),
          "verifier" in pdu ? pdu.verifier : null,
        );
        return;
    }
  }

  // ---- binds -----------------------------------------------------------------------------------

  #propose({ callId, flags, proposals, type }: BindPdu): void {
    remember(this.#proposed, callId, proposals);
    if (type === "bind") this.#signsHeaders = (flags & pduFlags.headerSign) !== 0;
  }

  #agreed({ callId, flags, results, type, verifier }: BindAckPdu, where: Where): FollowedEvent {
    const proposals = this.#proposed.get(callId) ?? [];
    this.#proposed.delete(callId);
    if (type === "bind_ack" && (flags & pduFlags.headerSign) === 0) this.#signsHeaders = false;
    const contexts = proposals.flatMap(({ contextId, abstractSyntax }, at): FollowedContext[] => {
      const result = results[at];
      // The answer to what is no syntax but a question about features.
      if (result === undefined || result.result === contextResults.negotiateAck) return [];
      const isAccepted = result.result === contextResults.acceptance;
      const known = Object.entries(transferSyntaxes) as ["ndr" | "ndr64", InterfaceId][];
      const found = known.find(([, id]) => sameSyntax(id, result.transferSyntax));
      const syntax = isAccepted ? (found?.[0] ?? null) : null;
      return [{ contextId, interface: abstractSyntax, syntax, isAccepted }];
    });
    for (const context of contexts) {
      if (context.isAccepted) remember(this.#contexts, context.contextId, context);
    }
    const security = verifier && { type: verifier.type, level: verifier.level };
    return { type: "bind", flow: this.flow, ...where, contexts, security };
  }

  #token(fromClient: boolean, verifier: Verifier | null): void {
    if (verifier === null) return;
    this.#securedBy(verifier).watcher?.token(fromClient, verifier.token);
  }

  #securedBy({ contextId, type }: Verifier): Secured {
    const known = this.#secured.get(contextId);
    if (known !== undefined) return known;
    const made = { watcher: this.#options.watch?.(type) ?? null, type };
    remember(this.#secured, contextId, made);
    return made;
  }

  // ---- calls -----------------------------------------------------------------------------------

  *#request(frame: Frame, pdu: RequestPdu, where: Where): Generator<FollowedEvent> {
    const { callId, flags, contextId, opnum, object, littleEndian } = pdu;
    const { body, problem } = this.#openPdu(frame, true, pdu.body, pdu.verifier);
    remember(this.#called, callId, { contextId, opnum });
    const message = this.#requests.add(callId, flags, body, problem);
    if (message === null) return;
    yield {
      type: "request",
      flow: this.flow,
      ...where,
      callId,
      interface: this.#contexts.get(contextId)?.interface ?? null,
      opnum,
      object,
      ...this.#stubOf(message, contextId, littleEndian),
    };
  }

  *#response(frame: Frame, pdu: ResponsePdu, where: Where): Generator<FollowedEvent> {
    const { callId, flags, littleEndian } = pdu;
    const { body, problem } = this.#openPdu(frame, false, pdu.body, pdu.verifier);
    const message = this.#responses.add(callId, flags, body, problem);
    if (message === null) return;
    const { contextId, opnum } = this.#answered(callId, pdu.contextId);
    yield {
      type: "response",
      flow: this.flow,
      ...where,
      callId,
      interface: this.#contexts.get(contextId)?.interface ?? null,
      opnum,
      object: null,
      ...this.#stubOf(message, contextId, littleEndian),
    };
  }

  *#fault(frame: Frame, pdu: FaultPdu, where: Where): Generator<FollowedEvent> {
    const { callId, status } = pdu;
    this.#openPdu(frame, false, pdu.body, pdu.verifier);
    const { contextId, opnum } = this.#answered(callId, pdu.contextId);
    const id = this.#contexts.get(contextId)?.interface ?? null;
    yield { type: "fault", flow: this.flow, ...where, callId, interface: id, opnum, status };
  }

  /** The call that is answered; the context of an answer is the request's, whatever it says. */
  #answered(callId: number, contextId: number): { contextId: number; opnum: number | null } {
    const called = this.#called.get(callId);
    this.#called.delete(callId);
    return called ?? { contextId, opnum: null };
  }

  #stubOf(message: ReturnType<Messages["add"]> & object, contextId: number, littleEndian: boolean) {
    const syntax = this.#contexts.get(contextId)?.syntax ?? null;
    const byteOrder = littleEndian ? ("little" as const) : ("big" as const);
    const problem =
      message.problem ??
      (message.isHeadless ? "its first fragment is missing" : null) ??
      (message.isTooLong ? "it is longer than is taken" : null);
    return { stub: message.stub, format: syntax && { syntax, byteOrder }, problem };
  }

  /** The body in the clear, without its padding; or as it is, with what stands in the way. */
  #openPdu(
    { header, octets }: Frame,
    fromClient: boolean,
    body: Uint8Array,
    verifier: Verifier | null,
  ): { readonly body: Uint8Array; readonly problem: string | null } {
    if (verifier === null) return { body, problem: null };
    const plain = (of: Uint8Array): Uint8Array => of.subarray(0, of.length - verifier.padLength);
    if (verifier.level <= authLevels.connect) return { body: plain(body), problem: null };
    const isSealed = verifier.level === authLevels.privacy;
    const { watcher, type } = this.#securedBy(verifier);
    const sealed = { body, problem: `it is sealed by ${nameOf(type)}` };
    if (watcher === null) return isSealed ? sealed : { body: plain(body), problem: null };
    // What was captured is not ours to change.
    const bodyEnd = verifierOffset(header);
    const copy = octets.slice(0, bodyEnd + trailerLength);
    const bodyStart = bodyEnd - body.length;
    const pdu = { octets: copy, bodyStart, bodyEnd, signHeader: this.#signsHeaders };
    try {
      watcher.open(fromClient, pdu, verifier.token, isSealed);
    } catch (error) {
      if (!(error instanceof SecurityError)) throw error;
      // What is only signed can be read all the same.
      if (!isSealed) return { body: plain(body), problem: null };
      return { body, problem: `${sealed.problem}: ${error.message}` };
    }
    return { body: plain(copy.subarray(bodyStart, bodyEnd)), problem: null };
  }

  #problem(where: Where, message: string): FollowedEvent {
    return { type: "problem", flow: this.flow, ...where, message };
  }
}

const mechanisms: Readonly<Record<number, string>> = {
  9: "SPNEGO",
  10: "NTLM",
  14: "Schannel",
  16: "Kerberos",
  68: "Netlogon",
};

/** The name of an auth_type. */
export function nameOf(type: number): string {
  return mechanisms[type] ?? `auth_type ${type}`;
}

function beginsPdu(octets: Uint8Array): boolean {
  if (octets.length < headerLength) return octets[0] === 5 && (octets[1] ?? 0) === 0;
  try {
    readHeader(octets);
    return true;
  } catch {
    return false;
  }
}

/** Keeps an entry, and lets go of the oldest where there are too many. */
function remember<V>(map: Map<number, V>, key: number, value: V): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > mostRemembered && oldest !== undefined) map.delete(oldest);
}
