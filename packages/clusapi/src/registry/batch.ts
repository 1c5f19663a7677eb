/** Batches on the cluster's registry: many changes of which all are made or none, and many values in one answer. */
import { type BatchCommand, BatchCommandType, readBatch, writeBatch } from "@msrpc/cluster-data";
import type { KeyHandle } from "@msrpc/ms-cmrp/clusapi3";
import { type CallOptions, type Opened, RpcError } from "@msrpc/rpc";
import { asClusterError, ClusterBatchError, ClusterError } from "../errors/cluster-error.ts";
import { statusName } from "../errors/status-name.ts";
import { type Api, keyKind } from "../session/kinds.ts";
import type { Session } from "../session/session.ts";
import { decodeValue, encodeValue, type RegistryValue } from "./value.ts";

/** What a key lets be done with its handle. */
export type UseKey = <T>(call: (api: Api, key: Opened<KeyHandle>) => Promise<T>) => Promise<T>;

/** How the value that is there compares with the one that is given. */
export type Comparison = "equal" | "notEqual" | "greater" | "less";

const comparisons: Readonly<Record<Comparison, keyof typeof BatchCommandType>> = {
  equal: "ConditionIsEqual",
  notEqual: "ConditionIsNotEqual",
  greater: "ConditionIsGreaterThan",
  less: "ConditionIsLessThan",
};

const nothing = new Uint8Array(0);

/** Of a batch, as programs see them who are told of what others did. */
export interface BatchChange {
  /** `SetValue`, `DeleteValue`, `CreateKey`, `DeleteKey`; `ValueDeleted` is what a value was before. */
  readonly what: keyof typeof BatchCommandType;
  /** A value's name, or a key's path. */
  readonly name: string;
  /** What was set, or was there before; null where there is nothing of the kind. */
  readonly value: RegistryValue | null;
}

/**
 * Changes that are gathered, and made all at once by `execute()` ([MS-CMRP] 3.1.4.2.112). Values are those of the key that
 * the batch was begun at, or the one that `key()` named last; its paths are from the one that it was begun at.
 */
export class RegistryBatch {
  readonly #use: UseKey;
  readonly #commands: BatchCommand[] = [];

  constructor(use: UseKey) {
    this.#use = use;
  }

  /** Goes on at another key, which is made where it isn't there. */
  key(path: string): this {
    return this.#add("CreateKey", path);
  }

  /** Sets a value. @throws RangeError for a number that its type doesn't hold */
  set(name: string, value: RegistryValue): this {
    return this.#add("SetValue", name, value);
  }

  /** Takes a value away, if it is there. */
  remove(name: string): this {
    return this.#add("DeleteValue", name);
  }

  /** Deletes a key with all that is in it, if it is there. Values can be changed again behind the next `key()`. */
  deleteKey(path: string): this {
    return this.#add("DeleteKey", path);
  }

  /** The batch is done only if a value compares so with the one that is given. */
  onlyIf(name: string, comparison: Comparison, value: RegistryValue): this {
    return this.#add(comparisons[comparison], name, value);
  }

  /** The batch is done only if there is a value of that name, or there is none. */
  onlyIfValue(name: string, presence: "exists" | "missing"): this {
    return this.#add(presence === "exists" ? "ConditionExists" : "ConditionNotExists", name);
  }

  onlyIfKey(path: string, presence: "exists" | "missing"): this {
    return this.#add(presence === "exists" ? "ConditionKeyExists" : "ConditionKeyNotExists", path);
  }

  /**
   * Makes all changes, or none.
   *
   * @throws ClusterBatchError, which says which of them failed; ClusterError
   */
  async execute(options?: CallOptions): Promise<void> {
    const data = writeBatch(this.#commands);
    try {
      await this.#use((api, key) => api.executeBatch({ key, data }, options));
    } catch (error) {
      if (!(error instanceof ClusterError) || !(error.cause instanceof RpcError)) throw error;
      const { failedCommand = 0 } = (error.cause.response ?? {}) as { failedCommand?: number };
      if (failedCommand === 0) throw error;
      throw new ClusterBatchError(error, failedCommand);
    }
  }

  #add(what: keyof typeof BatchCommandType, name: string, value?: RegistryValue): this {
    const { type: valueType, data } =
      value === undefined ? { type: 0, data: nothing } : encodeValue(value);
    this.#commands.push({ type: BatchCommandType[what], valueType, name, data });
    return this;
  }
}

/** A value to be read: of a key by its path, or of the key that is asked. */
export interface ValueToRead {
  readonly path?: string;
  readonly name: string;
}

/** What an operation would have answered for one value of many. */
export interface UnreadValue {
  readonly type: "Error";
  /** ERROR_FILE_NOT_FOUND where there is no such key or value. */
  readonly codeName: string;
  readonly code: number;
}

/** Reads many values at once: of one state of the registry, whatever is written meanwhile ([MS-CMRP] 3.1.4.2.145). */
export async function readMany(
  use: UseKey,
  wanted: readonly ValueToRead[],
  options?: CallOptions,
): Promise<(RegistryValue | UnreadValue)[]> {
  if (wanted.length === 0) return [];
  const commands = wanted.flatMap(({ path = "", name }) => [
    { type: BatchCommandType.ReadKey, valueType: 0, name: path, data: nothing },
    { type: BatchCommandType.ReadValue, valueType: 0, name, data: nothing },
  ]);
  const inData = writeBatch(commands);
  const { outData } = await use((api, key) =>
    api.executeReadBatchEx({ key, inData, flags: isolated }, options),
  );
  const answers = outData === null ? [] : readBatch(outData);
  return wanted.map((_, index) => {
    // What is said of a key stands before what is said of its value.
    const answer = answers[index * 2 + 1];
    if (answer?.type === BatchCommandType.ReadValue) {
      return decodeValue(answer.valueType, answer.data);
    }
    const code = answer?.valueType ?? 0;
    return { type: "Error", code, codeName: statusName(code) };
  });
}

/** CLUSREG_DATABASE_ISOLATE_READ. */
const isolated = 2;

/**
 * Batches of others below a key, from the first one that is asked for on. Where the node is lost they go on over the next one;
 * what was done between is not heard, and an empty list stands for it.
 */
export async function* batchesBelow(
  session: Session,
  path: string,
  { signal }: Pick<CallOptions, "signal"> = {},
): AsyncGenerator<readonly BatchChange[], void> {
  const limit = signal && { signal };
  const object = `${keyKind.noun} "${path}"`;
  for (let isFirst = true; ; isFirst = false) {
    const { api, link, port } = await session.call(object, async (api, link) => {
      const key = await session.handle(link, keyKind, path);
      return { api, link, port: await api.createBatchPort({ key }) };
    });
    let lost: unknown = null;
    try {
      if (!isFirst) yield [];
      for (;;) {
        const { data } = await api
          .getBatchNotification({ batchNotify: port }, limit)
          .catch((error: unknown) => {
            lost = error;
            throw error;
          });
        if (data !== null) yield readBatch(data).map(changeOf);
      }
    } catch (error) {
      if (error !== lost || (await session.recover(link, error)) === null) {
        throw asClusterError(error, object);
      }
    } finally {
      // What went with its node can't be closed there.
      if (lost === null || signal?.aborted === true) await port[Symbol.asyncDispose]();
    }
  }
}

const names = new Map<number, keyof typeof BatchCommandType>(
  Object.entries(BatchCommandType).map(([name, type]) => [
    type,
    name as keyof typeof BatchCommandType,
  ]),
);

function changeOf({ type, valueType, name, data }: BatchCommand): BatchChange {
  const what = names.get(type) ?? "ControlCommand";
  const hasValue = what === "SetValue" || what === "ValueDeleted";
  return { what, name, value: hasValue ? decodeValue(valueType, data) : null };
}
