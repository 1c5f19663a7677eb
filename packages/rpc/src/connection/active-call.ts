/** A call that a server has under way. */
import type { Caller } from "../call-context.ts";
import { LazySignal } from "../lazy-signal.ts";
import type { CallInfo, ServerBinding } from "../server-association.ts";
import type { SecuritySession } from "./security-session.ts";
import type { ServerContext } from "./server-context.ts";
import { checkTrailer, type VerifiedRequest } from "./check-trailer.ts";
import type { StubBudget } from "./stub-budget.ts";
import { IncomingStub } from "./fragments.ts";

export class ActiveCall implements CallInfo, VerifiedRequest {
  readonly callId: number;
  readonly context: ServerContext;
  readonly opnum: number;
  readonly object: string | null;
  readonly littleEndian: boolean;
  readonly session: SecuritySession | null;
  readonly caller: Caller;
  /** What its stub is held of. */
  readonly budget: StubBudget;
  #stub: IncomingStub = new IncomingStub();
  /** The stub that was taken is the connection's, and gone when the turn ends. */
  isStubLent = false;
  readonly binding: ServerBinding;
  readonly #headerSigning: boolean;
  /** Its client has gone, given it up or never waited (PFC_MAYBE): no answer is sent. */
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
    binding: ServerBinding,
    session: SecuritySession | null,
    caller: Caller,
    budget: StubBudget,
    headerSigning: boolean,
  ) {
    this.callId = request.callId;
    this.opnum = request.opnum;
    this.object = request.object;
    this.littleEndian = request.littleEndian;
    this.context = context;
    this.binding = binding;
    this.session = session;
    this.caller = caller;
    this.budget = budget;
    this.#headerSigning = headerSigning;
  }

  /** Octets of its stub that have come, until it is taken. */
  get stubLength(): number {
    return this.#stub.length;
  }

  addStub(body: Uint8Array, allocHint: number, isLent: boolean): void {
    this.#stub.add(body, allocHint, isLent);
  }

  /** Its rest is still to come, or its turn. */
  settleStub(): void {
    this.#stub.settle();
  }

  /** The stub in one piece, of which nothing is kept here. */
  takeStub(): Uint8Array {
    const stub = this.#stub.join();
    this.isStubLent = this.#stub.isLent;
    this.#stub = new IncomingStub();
    return stub;
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
