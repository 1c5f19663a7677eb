/** Whole stubs of an operation: its parameters and its pipes, in order. */
import { NdrReader, type NdrReaderOptions, NdrWriter } from "@msrpc/ndr";
import type { AnyOperation } from "./operation.ts";
import { pipeOf, readPipe, writePipe } from "./pipes.ts";
import type { CallInfo } from "./server-association.ts";

/** 64 MiB: pipes are gathered before a message with them is sent. */
const defaultMaxPiped = 64 << 20;

/** One for each format: a message is encoded in one go, and small ones share a buffer. */
const writers = new Map<string, NdrWriter>();

function writerOf(options: NdrReaderOptions): NdrWriter {
  const format = `${options.syntax} ${options.byteOrder} ${options.firstReferent}`;
  let writer = writers.get(format);
  if (writer === undefined) writers.set(format, (writer = new NdrWriter(options)));
  return writer;
}

/** Encodes and decodes stubs in one format. Stubs that are given to it to decode are its own from then on, unless they are lent. */
export class StubCodec {
  readonly #options: NdrReaderOptions;
  /** The same for stubs of which everything is to be copied. */
  readonly #lent: NdrReaderOptions;
  readonly #refuseTrailing: boolean;
  readonly #maxPiped: number;
  readonly #writer: NdrWriter;

  /** `maxPiped`: octets of a message with pipes, at the most. */
  constructor(options: NdrReaderOptions, refuseTrailing: boolean, maxPiped?: number) {
    this.#options = { ...options, ownsOctets: true };
    this.#lent = { ...options, ownsOctets: false };
    this.#refuseTrailing = refuseTrailing;
    this.#maxPiped = maxPiped ?? defaultMaxPiped;
    this.#writer = writerOf(options);
  }

  /** Uses the place of a stub again that was encoded last, and that nobody looks at any more. */
  takeBack(stub: Uint8Array): void {
    this.#writer.takeBack(stub);
  }

  /** In a request, [in] pipes follow the other parameters. */
  encodeRequest(operation: AnyOperation, request: object): Uint8Array {
    return this.#encode(`${operation.name} request`, (w) => operation.encodeRequest(w, request));
  }

  async encodePipedRequest(
    operation: AnyOperation,
    request: object,
    signal?: AbortSignal,
  ): Promise<Uint8Array> {
    const limits = { signal, maxOctets: this.#maxPiped };
    return this.#encodeSlowly(`${operation.name} request`, async (w) => {
      guard(w, () => operation.encodeRequest(w, request));
      for (const pipe of operation.inPipes ?? []) {
        const source = guard(w, () => pipeOf(w, request, pipe));
        await writePipe(w, pipe, source, limits);
      }
    });
  }

  /** `call` may know what the octets behind the parameters are; without it they are left over. */
  decodeRequest(
    operation: AnyOperation,
    stub: Uint8Array,
    call: Pick<CallInfo, "checkRest" | "isStubLent"> = {},
  ): object {
    const options = call.isStubLent === true ? this.#lent : this.#options;
    const r = readerOf(stub, options, `${operation.name} request`);
    const request = operation.decodeRequest(r);
    const pipes = readPipes(r, operation.inPipes);
    const known = r.offset < stub.length ? (call.checkRest?.(stub, r.offset) ?? 0) : 0;
    if (this.#refuseTrailing && known === 0) r.end();
    return pipes === null ? request : { ...request, ...pipes };
  }

  encodeResponse(operation: AnyOperation, response: object, request: object): Uint8Array {
    return this.#encode(`${operation.name} response`, (w) => {
      operation.encodeResponse(w, response, request);
    });
  }

  /** In a response, [out] pipes stand before the other parameters: they were sent during the call. */
  async encodePipedResponse(
    operation: AnyOperation,
    response: object,
    request: object,
    signal?: AbortSignal,
  ): Promise<Uint8Array> {
    const limits = { signal, maxOctets: this.#maxPiped };
    return this.#encodeSlowly(`${operation.name} response`, async (w) => {
      for (const pipe of operation.outPipes ?? []) {
        await writePipe(w, pipe, pipeOf(w, response, pipe), limits);
      }
      guard(w, () => operation.encodeResponse(w, response, request));
    });
  }

  decodeResponse(
    operation: AnyOperation,
    stub: Uint8Array,
    byteOrder: "little" | "big",
    request: object,
  ): object {
    const options = { ...this.#options, byteOrder };
    const r = readerOf(stub, options, `${operation.name} response`);
    const pipes = readPipes(r, operation.outPipes);
    const response = operation.decodeResponse(r, request);
    if (this.#refuseTrailing) r.end();
    return pipes === null ? response : { ...response, ...pipes };
  }

  #encode(operation: string, write: (w: NdrWriter) => void): Uint8Array {
    // A getter in what is encoded might come back here.
    const w = this.#writer.offset === 0 ? this.#writer : new NdrWriter(this.#options);
    w.operation = operation;
    guard(w, () => write(w));
    return w.finish();
  }

  async #encodeSlowly(
    operation: string,
    write: (w: NdrWriter) => Promise<void>,
  ): Promise<Uint8Array> {
    const w = new NdrWriter(this.#options);
    w.operation = operation;
    await write(w);
    return w.finish();
  }
}

function readerOf(stub: Uint8Array, options: NdrReaderOptions, operation: string): NdrReader {
  const r = new NdrReader(stub, options);
  r.operation = operation;
  return r;
}

/** By the members that they are; null for an operation without any. */
function readPipes(r: NdrReader, pipes: AnyOperation["inPipes"]): Record<string, unknown> | null {
  if (pipes === undefined) return null;
  return Object.fromEntries(pipes.map((pipe) => [pipe.member, readPipe(r, pipe)]));
}

/** Makes a missing member, a TypeError in generated code, the error with a path that others are. */
function guard<T>(w: NdrWriter, write: () => T): T {
  try {
    return write();
  } catch (thrown) {
    const error = w.asNdrError(thrown);
    w.reset();
    throw error;
  }
}
