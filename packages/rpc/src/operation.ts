/** What generated code says about one operation, and how a call's answer folds into its result. */
import type { NdrReader, NdrWriter } from "@msrpc/ndr";

/** Carries `Result` for inference; nothing has it at run time. */
declare const resultType: unique symbol;

/** Moves one element of a pipe. A pipe's elements have no pointers, so this is all of it. */
export interface PipeCodec {
  /** The member of the request ([in]) or response ([out]) that is the pipe. */
  readonly member: string;
  /** Octets of one element in NDR 2.0, at the least. */
  readonly atLeast: number;
  /** How many elements a chunk may have that doesn't end the pipe, both inclusive. */
  readonly range?: readonly [low: number, high: number];
  write(w: NdrWriter, element: unknown): void;
  read(r: NdrReader): unknown;
}

/** An operation whose types are not known here. */
export interface AnyOperation {
  /** As in the IDL. */
  readonly name: string;
  readonly opnum: number;
  encodeRequest(w: NdrWriter, request: object): void;
  decodeRequest(r: NdrReader): object;
  encodeResponse(w: NdrWriter, response: object, request: object): void;
  decodeResponse(r: NdrReader, request: object): object;
  /** A response with every member at its zero value, for an answer that is only a status. */
  empty(request: object): object;
  /** Names of the response's members, where `empty` makes them as large as the request asks. */
  readonly members?: readonly string[];
  /**
   * Members of the response that are 0 on success. The first one takes the status of an `RpcError`
   * that a handler throws.
   */
  readonly status?: readonly string[];
  /** Status values that are no error beside 0: `[997]` of an operation that may go on after its answer. */
  readonly accepts?: readonly number[];
  /** It answers when something happens, so a call has no default deadline. */
  readonly longWait?: true;
  /** [idempotent]: it may run more than once for one call. */
  readonly idempotent?: true;
  /** [maybe]: nobody answers, and whether it ran is not known. */
  readonly maybe?: true;
  /** The response's member that is a new handle, and the operation, by its key, that closes it. */
  readonly opens?: { readonly handle: string; readonly close: string };
  /** The request's member that is the handle this operation closes. */
  readonly closes?: string;
  /** Pipes follow the other parameters, in this order; the codecs above leave them out. */
  readonly inPipes?: readonly PipeCodec[];
  readonly outPipes?: readonly PipeCodec[];
}

/**
 * One operation of an interface.
 *
 * `Response` has every [out] parameter and `returnValue`. `Result` is what a caller is left with: the
 * members that are neither a status (with `accepts` the first status stays) nor the closed handle; the
 * new handle alone where it is the only one; or nothing.
 */
export interface Operation<
  Request extends object,
  Response extends object,
  Result = Response,
> extends AnyOperation {
  encodeRequest(w: NdrWriter, request: Request): void;
  decodeRequest(r: NdrReader): Request;
  encodeResponse(w: NdrWriter, response: Response, request: Request): void;
  decodeResponse(r: NdrReader, request: Request): Response;
  empty(request: Request): Response;
  readonly members?: readonly (keyof Response & string)[];
  readonly status?: readonly (keyof Response & string)[];
  readonly opens?: { readonly handle: keyof Response & string; readonly close: string };
  readonly closes?: keyof Request & string;
  readonly [resultType]?: Result;
}

export type RequestOf<O> = O extends Operation<infer Q, infer _P, infer _R> ? Q : never;
export type ResponseOf<O> = O extends Operation<infer _Q, infer P, infer _R> ? P : never;
export type ResultOf<O> = O extends Operation<infer _Q, infer _P, infer R> ? R : never;

/** The members of a message that are pipes. */
type PipesOf<Message> = {
  [K in keyof Message]: Message[K] extends AsyncIterable<unknown> ? K : never;
}[keyof Message];

/** A message as it is given: its pipes may be arrays, or anything else that can be iterated. */
export type Given<Message> = [PipesOf<Message>] extends [never]
  ? Message
  : {
      [K in keyof Message]: Message[K] extends AsyncIterable<infer Element>
        ? AsyncIterable<Element> | Iterable<Element>
        : Message[K];
    };
