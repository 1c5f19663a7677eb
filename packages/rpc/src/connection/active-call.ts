/** A call that a server has under way. */
import type { Caller } from "../call-context.ts";
import { LazySignal } from "../lazy-signal.ts";
import type { CallInfo } from "../server-association.ts";
import type { SecuritySession } from "./security-session.ts";
import type { ServerContext } from "./server-context.ts";
import { checkTrailer, type VerifiedRequest } from "./check-trailer.ts";
import { IncomingStub } from "./fragments.ts";

export class ActiveCall implements CallInfo, VerifiedRequest {
  readonly callId: number;
  readonly context: ServerContext;
  readonly opnum: number;
  readonly object: string | null;
  readonly littleEndian: boolean;
  readonly session: SecuritySession | null;
  readonly caller: Caller;
  readonly stub: IncomingStub = new IncomingStub();
  readonly #headerSigning: boolean;
  /** Its client has gone or given it up: no answer is sent. */
  orphaned = false;
  readonly #end = new LazySignal();

  constructor(
    request: {
      readonly callId: number;
      readonly opnum: number;
      readonly object: string | null;
      readonly littleEndian: boolean;
    },
    context: ServerContext,
    session: SecuritySession | null,
    caller: Caller,
    headerSigning: boolean,
  ) {
    this.callId = request.callId;
    this.opnum = request.opnum;
    this.object = request.object;
    this.littleEndian = request.littleEndian;
    this.context = context;
    this.session = session;
    this.caller = caller;
    this.#headerSigning = headerSigning;
  }

  get signal(): AbortSignal {
    return this.#end.signal;
  }

  checkRest(stub: Uint8Array, from: number): number {
    return checkTrailer(this, stub, from, this.#headerSigning);
  }

  /** Tells the handler to stop; it may go on nevertheless. */
  abort(reason: unknown): void {
    this.#end.abort(reason);
  }
}
