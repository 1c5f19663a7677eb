/** Codecs that msrpc generates from bench.idl, made anew for every run of the benchmark. */
import { fileURLToPath } from "node:url";
import { nodeIo, run } from "@msrpc/cli";
import { NdrReader, NdrWriter } from "@msrpc/ndr";
import type { AnyOperation } from "@msrpc/rpc";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export interface Codec<T> {
  encode(value: T): Uint8Array;
  decode(bytes: Uint8Array): T;
}

/** Generates the package and gives its operations. */
export async function generateOperations(): Promise<Readonly<Record<string, AnyOperation>>> {
  const out = here("../.cache/generated");
  const io = { ...nodeIo(), out: () => {}, err: () => {} };
  const status = await run(["generate", here("bench.idl"), "--out", out], io);
  if (status !== 0) throw new Error("bench.idl does not generate");
  return (await import(`${out}/bench/operations.ts`)) as Record<string, AnyOperation>;
}

/** The codec of the one parameter of an operation's request. */
export function requestCodec<T>(operation: AnyOperation, member: string): Codec<T> {
  const w = new NdrWriter();
  return {
    encode(value) {
      operation.encodeRequest(w, { [member]: value });
      return w.finish();
    },
    decode(bytes) {
      const r = new NdrReader(bytes);
      const request = operation.decodeRequest(r) as Readonly<Record<string, T>>;
      r.end();
      return request[member] as T;
    },
  };
}
