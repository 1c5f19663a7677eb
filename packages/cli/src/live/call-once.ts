/** One call to a server by the plan of its operation, without generated code. */
import { type Association, type Transport } from "@msrpc/rpc";
import { decodeStub, encodeStub, type InterpretError, type StructValue } from "@msrpc/wire";
import type { FoundOperation } from "../find.ts";

/** Parts of an answer: each takes many times the octets that it came in. */
const mostParts = 1_000_000;

export interface Answered {
  /** What was read of the answer, up to the fault if there is one. */
  readonly response: StructValue;
  readonly fault: InterpretError | null;
  /** Octets behind the answer's last parameter. */
  readonly trailing: number;
}

/** The associations of a command: one for each interface, so that handles live on from call to call. */
export class Session implements AsyncDisposable {
  readonly #transport: Transport;
  readonly #timeout: number;
  readonly #associations = new Map<string, Association>();

  /** `timeout`: milliseconds for each call. */
  constructor(transport: Transport, timeout: number) {
    this.#transport = transport;
    this.#timeout = timeout;
  }

  /**
   * Makes a call.
   *
   * @throws RpcFault, TransportError, SecurityError; a DOMException TimeoutError; InterpretError for a request that
   * can't be encoded
   */
  async call(found: FoundOperation, request: StructValue): Promise<Answered> {
    const { plan, operation } = found;
    const signal = AbortSignal.timeout(this.#timeout);
    const association = await this.#associate(found, signal);
    const { syntax, byteOrder } = association.format;
    const stub = encodeStub(plan, operation, "in", request, {
      syntax,
      bigEndian: byteOrder === "big",
    });
    const { maybe } = operation.semantics;
    const reply = await association.call(operation.opnum, stub, { signal, maybe });
    if (maybe) return { response: {}, fault: null, trailing: 0 };
    const decoded = decodeStub(plan, operation, "out", reply.stub, {
      syntax,
      bigEndian: reply.byteOrder === "big",
      request,
      maxNodes: mostParts,
    });
    return { response: decoded.value, fault: decoded.fault, trailing: decoded.trailing };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const association of this.#associations.values()) await association.close();
  }

  async #associate(found: FoundOperation, signal: AbortSignal): Promise<Association> {
    const { uuid, version } = found.interface;
    const key = `${uuid} ${version.major}.${version.minor}`;
    const known = this.#associations.get(key);
    if (known !== undefined) return known;
    const made = await this.#transport.associate({ uuid, version }, { signal });
    this.#associations.set(key, made);
    return made;
  }
}
