/** Keys of the cluster's registry and their values ([MS-CMRP] 3.1.4.2.29 to 3.1.4.2.39). */
import type { SecurityDescriptor } from "@msrpc/auth";
import { Status } from "@msrpc/ms-cmrp";
import type { KeyHandle } from "@msrpc/ms-cmrp/clusapi3";
import { type CallOptions, type Opened, RpcError } from "@msrpc/rpc";
import { type Api, keyKind } from "../session/kinds.ts";
import type { Session } from "../session/session.ts";
import {
  type BatchChange,
  batchesBelow,
  readMany,
  RegistryBatch,
  type UnreadValue,
  type ValueToRead,
} from "./batch.ts";
import { readSecurity, writeSecurity } from "./security.ts";
import { decodeValue, encodeValue, type RegistryValue } from "./value.ts";

/** Octets that a value is first asked for with. */
const firstSize = 1024;
/** MAXIMUM_ALLOWED. */
const maximumAllowed = 0x0200_0000;

/** Milliseconds from 1601, which Windows counts from, to 1970. */
const from1601 = 11_644_473_600_000;

export interface DeleteKeyOptions extends CallOptions {
  /** Default: false. */
  readonly recursive?: boolean;
}

export interface KeyInfo {
  /** Right below it. */
  readonly keys: number;
  readonly values: number;
  readonly lastWrite: Date;
}

export class RegistryKey implements AsyncDisposable {
  readonly #session: Session;
  /** From the root, without a backslash at its start; empty for the root. */
  readonly path: string;

  /** What it is, for the session and for `events({ of })`, which are about it and all below it. */
  readonly kind: typeof keyKind = keyKind;

  constructor(session: Session, path: string) {
    this.#session = session;
    this.path = path;
  }

  /** A key below this one. Nothing is asked until it is used. */
  key(path: string): RegistryKey {
    return new RegistryKey(this.#session, this.path === "" ? path : `${this.path}\\${path}`);
  }

  /** Names of the keys right below. */
  async *keys(options?: CallOptions): AsyncGenerator<string, void> {
    for (let index = 0; ; index++) {
      const found = await this.#next((api, key) => api.enumKey({ key, index }, options));
      if (found === null) return;
      yield found.keyName ?? "";
    }
  }

  async *values(
    options?: CallOptions,
  ): AsyncGenerator<{ readonly name: string } & RegistryValue, void> {
    for (let index = 0; ; index++) {
      const found = await this.#next((api, key) =>
        sized("totalSize", (dataSize) => api.enumValue({ key, index, dataSize }, options)),
      );
      if (found === null) return;
      yield { name: found.valueName ?? "", ...decodeValue(found.type, found.data) };
    }
  }

  /** A value; null where there is none of that name. */
  async get(name: string, options?: CallOptions): Promise<RegistryValue | null> {
    return await this.#use(async (api, key) => {
      try {
        const { valueType, data, requiredSize } = await sized("requiredSize", (dataSize) =>
          api.queryValue({ key, valueName: name, dataSize }, options),
        );
        return decodeValue(valueType, data.subarray(0, requiredSize));
      } catch (error) {
        if (isStatus(error, Status.ERROR_FILE_NOT_FOUND)) return null;
        throw error;
      }
    });
  }

  async set(name: string, value: RegistryValue, options?: CallOptions): Promise<void> {
    const encoded = encodeValue(value);
    await this.#use((api, key) => api.setValue({ key, valueName: name, ...encoded }, options));
  }

  /** Takes a value away. @throws ClusterError ERROR_FILE_NOT_FOUND */
  async remove(name: string, options?: CallOptions): Promise<void> {
    await this.#use((api, key) => api.deleteValue({ key, valueName: name }, options));
  }

  /** The key below this one, made where it isn't there. */
  async create(path: string, options?: CallOptions): Promise<RegistryKey> {
    await this.#use(
      async (api, key) => {
        const request = { key, subKey: path, options: 0, samDesired: maximumAllowed };
        const { returnValue } = await api.createKey(
          { ...request, securityAttributes: null },
          options,
        );
        await using _made = returnValue;
      },
      String(this.key(path)),
    );
    return this.key(path);
  }

  /**
   * Deletes the key below this one with its values: when there is no key below it, or by `recursive` with those.
   *
   * @throws ClusterError ERROR_ACCESS_DENIED for one that has keys below it, too
   */
  async delete(
    path: string,
    { recursive = false, ...options }: DeleteKeyOptions = {},
  ): Promise<void> {
    const deleted = this.key(path);
    if (recursive) {
      const below: string[] = [];
      for await (const name of deleted.keys(options)) below.push(name);
      for (const name of below) await deleted.delete(name, { recursive, ...options });
    }
    await this.#use((api, key) => api.deleteKey({ key, subKey: path }, options), String(deleted));
    await deleted[Symbol.asyncDispose]();
  }

  /** How much is in it, and when it was changed last. */
  async info(options?: CallOptions): Promise<KeyInfo> {
    const found = await this.#use((api, key) => api.queryInfoKey({ key }, options));
    const { lowDateTime, highDateTime } = found.lastWriteTime;
    const ticks = (BigInt(highDateTime) << 32n) | BigInt(lowDateTime);
    const lastWrite = new Date(Number(ticks / 10_000n) - from1601);
    return { keys: found.subKeyCount, values: found.valueCount, lastWrite };
  }

  /** Who owns it and who may do what with it. */
  async security(options?: CallOptions): Promise<SecurityDescriptor> {
    return await readSecurity((call) => this.#use(call), options);
  }

  /** Sets what a descriptor has: `readSddl("D:(A;CI;KA;;;BA)")` of `@msrpc/auth` makes one. */
  async setSecurity(descriptor: SecurityDescriptor, options?: CallOptions): Promise<void> {
    await writeSecurity((call) => this.#use(call), descriptor, options);
  }

  /** Changes of which all are made or none, here and in keys below. */
  batch(): RegistryBatch {
    return new RegistryBatch((call) => this.#use(call));
  }

  /** Many values at once, of this key and of keys below, as they are at one point in time. */
  async read(
    values: readonly ValueToRead[],
    options?: CallOptions,
  ): Promise<(RegistryValue | UnreadValue)[]> {
    return await readMany((call) => this.#use(call), values, options);
  }

  /**
   * Batches that were done here and in keys below, from the first one that is asked for on. Where the node is lost they go on over
   * the next one, with an empty list for what may have been done between.
   */
  batches(options?: Pick<CallOptions, "signal">): AsyncGenerator<readonly BatchChange[], void> {
    return batchesBelow(this.#session, this.path, options);
  }

  get name(): string {
    return this.path;
  }

  toString(): string {
    return `key "${this.path}"`;
  }

  /** Closes its handle. The next call opens it again. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session.close(keyKind, this.path);
  }

  async #use<T>(
    call: (api: Api, key: Opened<KeyHandle>) => Promise<T>,
    object?: string,
  ): Promise<T> {
    return await this.#session.use(keyKind, this.path, call, object);
  }

  /** Null behind the last one. */
  async #next<T>(call: (api: Api, key: Opened<KeyHandle>) => Promise<T>): Promise<T | null> {
    return await this.#use(async (api, key) => {
      try {
        return await call(api, key);
      } catch (error) {
        if (isStatus(error, Status.ERROR_NO_MORE_ITEMS)) return null;
        throw error;
      }
    });
  }
}

export function rootKey(session: Session): RegistryKey {
  return new RegistryKey(session, "");
}

/** Asks again with the room that it takes, as long as somebody makes the value larger meanwhile. */
async function sized<T>(
  needed: "totalSize" | "requiredSize",
  call: (size: number) => Promise<T>,
): Promise<T> {
  for (let size = firstSize; ;) {
    try {
      return await call(size);
    } catch (error) {
      if (!isStatus(error, Status.ERROR_MORE_DATA)) throw error;
      const { [needed]: wanted = 0 } = error.response as Partial<Record<typeof needed, number>>;
      if (wanted <= size) throw error;
      size = wanted;
    }
  }
}

function isStatus(error: unknown, status: number): error is RpcError {
  return error instanceof RpcError && error.status === status;
}
