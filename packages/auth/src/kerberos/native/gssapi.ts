/** The GSSAPI library with its memory, its statuses and its threads. */
import type { SecurityErrorCode } from "@msrpc/rpc";
import {
  KerberosError,
  type KerberosProblem,
  type Side,
  type Statuses,
  codeOf,
  problemOf,
} from "../error.ts";
import { derOid } from "../../spnego/der.ts";
import { oids } from "./constants.ts";
import { type Argument, type Ffi, type FfiImport, loadFfi } from "./ffi.ts";
import { type FunctionName, type Functions, type LibraryOptions, bindLibrary } from "./library.ts";
import { NativeMemory } from "./memory.ts";

/** Calls on threads of their own at a time, of this library; koffi refuses more than 256 of the whole process. */
const mostCalls = 64;

const loaded = new Map<string, Promise<Gssapi>>();

/**
 * The library, loaded at the first need and then shared.
 *
 * @throws SecurityError unavailable: koffi or the library is not there
 */
export async function loadGssapi(options: LibraryOptions, find?: FfiImport): Promise<Gssapi> {
  const { library = "" } = options;
  let loading = loaded.get(library);
  if (loading === undefined) {
    loading = loadFfi(find).then((ffi) => new Gssapi(ffi, bindLibrary(ffi, options)));
    loaded.set(library, loading);
    loading.catch(() => loaded.delete(library));
  }
  return loading;
}

export class Gssapi {
  readonly #ffi: Ffi;
  readonly #functions: Functions;
  readonly #oids = new Map<string, NativeMemory>();
  /** A gss_OID_set with Kerberos alone. */
  readonly #mechanisms: NativeMemory;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(ffi: Ffi, functions: Functions) {
    this.#ffi = ffi;
    this.#functions = functions;
    this.#mechanisms = this.memory(16);
    this.#mechanisms.setWord(0, 1n);
    this.#mechanisms.setWord(8, this.oid(oids.kerberos));
  }

  memory(size: number): NativeMemory {
    return new NativeMemory(this.#ffi, size);
  }

  addressOf(octets: Uint8Array): bigint {
    return this.#ffi.address(octets);
  }

  /** A copy of native memory. */
  copy(pointer: bigint, length: number): Uint8Array {
    if (pointer === 0n || length === 0) return new Uint8Array(0);
    return this.#ffi.decode(pointer, "uint8_t", length) as Uint8Array;
  }

  get mechanisms(): bigint {
    return this.#mechanisms.at(0);
  }

  /** A gss_OID that stays. */
  oid(dotted: string): bigint {
    let memory = this.#oids.get(dotted);
    if (memory === undefined) {
      const contents = derOid(dotted).subarray(2);
      memory = this.memory(16 + contents.length);
      memory.setU32(0, contents.length);
      memory.setWord(8, memory.put(16, contents));
      this.#oids.set(dotted, memory);
    }
    return memory.at(0);
  }

  /** The major status. */
  call(name: FunctionName, ...args: readonly Argument[]): number {
    return this.#functions[name](...args);
  }

  /** The major status of a call on another thread, for what may wait for a disk or a KDC. */
  async later(name: FunctionName, ...args: readonly Argument[]): Promise<number> {
    while (this.#running >= mostCalls) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    this.#running++;
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    try {
      this.#functions[name].async(...args, (error: Error | null, major: number) => {
        if (error === null) resolve(major);
        else reject(error);
      });
      return await promise;
    } finally {
      this.#running--;
      this.#waiting.shift()?.();
    }
  }

  /**
   * Throws for a status that is not success. `memory` has the minor status at its start; `what` says what
   * was tried.
   *
   * @throws KerberosError with the code that the problem has for a logon
   */
  check(side: Side, what: string, major: number, memory: NativeMemory): void {
    const minor = memory.u32(0);
    const problem = problemOf(major, minor);
    if (problem === null) return;
    throw this.error(problem, codeOf(problem, side), what, { major, minor });
  }

  /** An error with the library's words behind ours. */
  error(
    problem: KerberosProblem,
    code: SecurityErrorCode,
    what: string,
    statuses: Statuses,
  ): KerberosError {
    const { major, minor } = statuses;
    const words = minor === 0 ? this.#describe(major, 1) : this.#describe(minor, 2);
    return new KerberosError(problem, code, `${what}: ${words}`, statuses);
  }

  /** The contents of the gss_buffer_desc at an offset, which is released. */
  take(memory: NativeMemory, offset: number): Uint8Array {
    const octets = this.copy(memory.word(offset + 8), Number(memory.word(offset)));
    const minor = this.memory(8);
    this.call("releaseBuffer", minor.at(0), memory.at(offset));
    return octets;
  }

  /** The library's text for a status: of GSSAPI (1) or of the mechanism (2). */
  #describe(status: number, kind: 1 | 2): string {
    const memory = this.memory(32);
    const mechanism = kind === 1 ? null : this.oid(oids.kerberos);
    const more = memory.at(4);
    this.call("displayStatus", memory.at(0), status, kind, mechanism, more, memory.at(8));
    return Buffer.from(this.take(memory, 8)).toString("utf8");
  }
}
