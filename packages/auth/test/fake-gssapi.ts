/** A GSSAPI library in JavaScript, with a memory of its own: what is asked of the real one can be looked at. */
import type { Ffi, FfiImport } from "../src/kerberos/native/ffi.ts";

type Arguments = readonly (bigint | number | null)[];
type Handler = (args: Arguments) => number;

const majors = { complete: 0, continueNeeded: 1 } as const;

/** Lengths that a context with AES has. */
export const micLength = 28;
export const wrapLength = 76;

export class FakeGssapi {
  /** Functions by their names in C, in the order of their calls. */
  readonly calls: string[] = [];
  /** Names that were imported. */
  readonly names: string[] = [];
  /** Credential stores that were opened: `key=value`. */
  readonly stores: string[][] = [];
  /** Flags of gss_init_sec_context. */
  readonly flags: number[] = [];
  /** Holds asynchronous calls back, until `release` is called. */
  holds = false;
  readonly #held: (() => void)[] = [];
  readonly #bases = new Map<ArrayBufferLike, bigint>();
  #next = 0x1_0000n;

  readonly import: FfiImport = () => Promise.resolve({ default: this.#ffi });

  /** How often a function was called. */
  count(name: string): number {
    return this.calls.filter((call) => call === name).length;
  }

  release(): void {
    for (const go of this.#held.splice(0)) go();
  }

  readonly #ffi: Ffi = {
    load: () => ({
      func: (prototype) => {
        const [, name = ""] = /(gss_\w+)\(/.exec(prototype) ?? [];
        const call = (...args: Arguments): number => {
          this.calls.push(name);
          return this.#handlers[name]?.(args) ?? majors.complete;
        };
        const async = (...args: readonly unknown[]): void => {
          const callback = args.at(-1) as (error: null, major: number) => void;
          const run = (): void => callback(null, call(...(args.slice(0, -1) as Arguments)));
          if (this.holds) this.#held.push(run);
          else queueMicrotask(run);
        };
        return Object.assign(call, { async });
      },
    }),
    address: (octets) =>
      octets instanceof Uint8Array
        ? this.#baseOf(octets.buffer) + BigInt(octets.byteOffset)
        : this.#baseOf(octets),
    decode: (pointer, _type, length) => this.#octets(pointer, length).slice(),
    sizeof: () => 8,
  };

  readonly #handlers: Readonly<Record<string, Handler>> = {
    gss_import_name: ([, buffer, , out]) => {
      this.names.push(this.#bufferText(buffer));
      return this.#give(out);
    },
    gss_display_name: ([, , out]) => this.#giveBuffer(out, Buffer.from("host/server@EXAMPLE.COM")),
    gss_acquire_cred_from: ([, , , , , store, out]) => {
      this.stores.push(this.#pairs(store));
      return this.#give(out);
    },
    gss_acquire_cred_with_password: ([, , , , , , out]) => this.#give(out),
    gss_init_sec_context: ([, , context, , , flags, , , input, , output, given]) => {
      this.flags.push(Number(flags));
      const isFirst = this.#word(input) === 0n;
      if (isFirst) this.#give(context);
      this.#giveBuffer(output, Buffer.from(isFirst ? "AP-REQ" : "AP-REP"));
      this.#view(given, 4).setUint32(0, Number(flags), true);
      return isFirst ? majors.continueNeeded : majors.complete;
    },
    gss_inquire_context: ([, , , name]) => this.#give(name),
    gss_inquire_sec_context_by_oid: ([, , , out]) => {
      const members = this.#allocate(16);
      this.#giveBuffer(members, new Uint8Array(32).fill(7));
      const set = this.#allocate(16);
      this.#setWord(set, 1n);
      this.#setWord(set + 8n, members);
      this.#setWord(out, set);
      return majors.complete;
    },
    gss_get_mic_iov_length: ([, , , iov]) => this.#setLength(iov, 1, micLength),
    gss_wrap_iov_length: ([, , , , , iov]) => this.#setLength(iov, 0, wrapLength),
  };

  #baseOf(buffer: ArrayBufferLike): bigint {
    let base = this.#bases.get(buffer);
    if (base === undefined) {
      base = this.#next;
      this.#next += BigInt(buffer.byteLength + 64);
      this.#bases.set(buffer, base);
    }
    return base;
  }

  #allocate(size: number): bigint {
    return this.#baseOf(new ArrayBuffer(size));
  }

  #octets(pointer: Arguments[number] | undefined, length: number): Uint8Array {
    const address = BigInt(pointer ?? 0);
    for (const [buffer, base] of this.#bases) {
      const at = Number(address - base);
      if (at >= 0 && at + length <= buffer.byteLength) return new Uint8Array(buffer, at, length);
    }
    throw new Error(`${length} octets at ${address} are nowhere`);
  }

  #view(pointer: Arguments[number] | undefined, length: number): DataView {
    const { buffer, byteOffset } = this.#octets(pointer, length);
    return new DataView(buffer, byteOffset, length);
  }

  #word(pointer: Arguments[number] | undefined): bigint {
    return this.#view(pointer, 8).getBigUint64(0, true);
  }

  #setWord(pointer: Arguments[number] | undefined, value: bigint): void {
    this.#view(pointer, 8).setBigUint64(0, value, true);
  }

  /** Something that is not NULL, for a handle. */
  #give(out: Arguments[number] | undefined): number {
    this.#setWord(out, this.#allocate(8));
    return majors.complete;
  }

  #giveBuffer(out: Arguments[number] | undefined, contents: Uint8Array): number {
    const memory = this.#allocate(contents.length);
    this.#octets(memory, contents.length).set(contents);
    this.#setWord(out, BigInt(contents.length));
    this.#setWord(BigInt(out ?? 0) + 8n, memory);
    return majors.complete;
  }

  #bufferText(buffer: Arguments[number] | undefined): string {
    const length = Number(this.#word(buffer));
    const address = this.#word(BigInt(buffer ?? 0) + 8n);
    return Buffer.from(this.#octets(address, length)).toString();
  }

  /** A gss_key_value_set_desc. */
  #pairs(store: Arguments[number] | undefined): string[] {
    if (store === null) return [];
    const count = this.#view(store, 4).getUint32(0, true);
    const elements = this.#word(BigInt(store ?? 0) + 8n);
    return Array.from({ length: count }, (_, index) => {
      const at = elements + BigInt(16 * index);
      return `${this.#cString(this.#word(at))}=${this.#cString(this.#word(at + 8n))}`;
    });
  }

  #cString(pointer: bigint): string {
    let text = "";
    for (let at = pointer; ; at++) {
      const [octet = 0] = this.#octets(at, 1);
      if (octet === 0) return text;
      text += String.fromCharCode(octet);
    }
  }

  #setLength(iov: Arguments[number] | undefined, index: number, length: number): number {
    this.#setWord(BigInt(iov ?? 0) + BigInt(24 * index + 8), BigInt(length));
    return majors.complete;
  }
}
