/** An interface that moves octets, for tests of what carries them. */
import {
  createRouter,
  defineInterface,
  type InterfaceDescriptor,
  type Operation,
  type Router,
  RpcFault,
} from "@msrpc/rpc";

interface Data {
  data: Uint8Array;
}

const echoData: Operation<Data, Data> = {
  name: "EchoData",
  opnum: 0,
  encodeRequest: writeData,
  decodeRequest: readData,
  encodeResponse: writeData,
  decodeResponse: readData,
  empty: () => ({ data: new Uint8Array() }),
};

/** Gives as many octets as it is asked for. */
const sourceData: Operation<{ length: number }, Data> = {
  name: "SourceData",
  opnum: 1,
  encodeRequest(w, q) {
    w.u32(q.length, "length");
  },
  decodeRequest: (r) => ({ length: r.u32("length") }),
  encodeResponse: writeData,
  decodeResponse: readData,
  empty: () => ({ data: new Uint8Array() }),
};

/** Answers when its caller gives up, or the test says so. */
const wait: Operation<object, { outcome: number }> = {
  name: "Wait",
  opnum: 2,
  encodeRequest() {},
  decodeRequest: () => ({}),
  encodeResponse(w, p) {
    w.u32(p.outcome, "outcome");
  },
  decodeResponse: (r) => ({ outcome: r.u32("outcome") }),
  empty: () => ({ outcome: 0 }),
};

/** Answers with a fault of this status. */
const fail: Operation<{ status: number }, object> = {
  name: "Fail",
  opnum: 3,
  encodeRequest(w, q) {
    w.u32(q.status, "status");
  },
  decodeRequest: (r) => ({ status: r.u32("status") }),
  encodeResponse() {},
  decodeResponse: () => ({}),
  empty: () => ({}),
};

function writeData(w: Parameters<Operation<Data, Data>["encodeRequest"]>[0], { data }: Data): void {
  w.count(data.length, "data");
  w.bytes(data, "data");
}

function readData(r: Parameters<Operation<Data, Data>["decodeRequest"]>[0]): Data {
  return { data: r.bytes(r.count(1, "data"), "data") };
}

const operations = { echoData, sourceData, wait, fail };

export type EchoOperations = typeof operations;

export const echo: InterfaceDescriptor<EchoOperations> = defineInterface({
  name: "echo",
  uuid: "3f5a0a68-6f4e-4a33-8f2e-8d9e8f2a7c11",
  version: { major: 1, minor: 2 },
  operations,
});

/** A second interface with the same operations. */
export const otherEcho: InterfaceDescriptor<EchoOperations> = defineInterface({
  ...echo,
  name: "otherEcho",
  uuid: "b1c9e5c2-0b0e-4f3d-9a44-0c6a7a0e5d22",
});

export interface EchoServer {
  readonly router: Router;
  /** What handlers of `wait` have been given, in order. */
  readonly waiting: { readonly signal: AbortSignal; answer(outcome: number): void }[];
  /** Resolves when so many calls of `wait` have come. */
  arrived(count: number): Promise<void>;
  readonly errors: unknown[];
}

export function echoServer(): EchoServer {
  const waiting: EchoServer["waiting"] = [];
  const errors: unknown[] = [];
  let awaited = { count: 0, resolve(): void {} };
  const handlers = {
    echoData: ({ data }: Data) => ({ data }),
    sourceData: ({ length }: { length: number }) => ({ data: octetsOf(length) }),
    wait(_request: object, { signal }: { signal: AbortSignal }) {
      const { promise, resolve } = Promise.withResolvers<{ outcome: number }>();
      waiting.push({ signal, answer: (outcome) => resolve({ outcome }) });
      if (waiting.length >= awaited.count) awaited.resolve();
      return promise;
    },
    fail({ status }: { status: number }): object {
      throw new RpcFault(status);
    },
  };
  const router = createRouter({ onError: (error) => errors.push(error) })
    .serve(echo, handlers)
    .serve(otherEcho, handlers);
  return {
    router,
    waiting,
    errors,
    arrived: (count) =>
      new Promise((resolve) => {
        awaited = { count, resolve };
        if (waiting.length >= count) resolve();
      }),
  };
}

/** Octets that tell their place. */
export function octetsOf(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 7 + (i >> 8)) & 0xff);
}
