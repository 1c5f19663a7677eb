/** Batches of changes ([MS-CMRP] 3.1.4.2.112) and of reads (3.1.4.2.141) as commands on the registry. */
import { keyRights, rights } from "@msrpc/auth";
import {
  type BatchCommand,
  BatchCommandType as Type,
  type RegistryValue,
  sameValue,
} from "@msrpc/cluster-data";
import { RegistryType, Status } from "@msrpc/ms-cmrp";
import { RpcError } from "@msrpc/rpc";
import { findKey, type RegistryKey, valueOf } from "../registry/key.ts";
import { checkedPath, checkValueName } from "../registry/names.ts";
import { createKey, deleteKey, deleteValue, keyAt, setValue, valueAt } from "./registry.ts";
import type { Transaction } from "./transaction.ts";

/**
 * Demands a right to a key: to the one that the batch was given where `key` is that one, otherwise by its descriptor. It
 * throws RpcError ERROR_ACCESS_DENIED.
 */
export type Demand = (key: RegistryKey, right: number) => void;

/**
 * Changes what commands say, one after the other. Gives them as a port tells of them: with the data that values had before
 * each change.
 *
 * @throws RpcError of the first command that fails, with its number, from 1
 */
export function executeBatch(
  tx: Transaction,
  from: RegistryKey,
  commands: readonly BatchCommand[],
  demand: Demand,
): BatchCommand[] {
  const batch = new Batch(tx, from, demand);
  for (const [index, command] of commands.entries()) {
    try {
      batch.execute(command);
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      const response = { failedCommand: index + 1 };
      throw new RpcError(error.status, { cause: error, response });
    }
  }
  return batch.told;
}

class Batch {
  readonly told: BatchCommand[] = [];
  readonly #tx: Transaction;
  readonly #from: RegistryKey;
  readonly #demand: Demand;
  /** Null from a deleted key to the next one that is made. */
  #current: RegistryKey | null;

  constructor(tx: Transaction, from: RegistryKey, demand: Demand) {
    this.#tx = tx;
    this.#from = from;
    this.#demand = demand;
    this.#current = from;
  }

  execute(command: BatchCommand): void {
    const { type, name } = command;
    if (type === Type.CreateKey) this.#create(name);
    else if (type === Type.DeleteKey) this.#delete(name);
    else if (type === Type.SetValue || type === Type.DeleteValue) return this.#change(command);
    else if (type === Type.ControlCommand) return;
    else if (conditions.has(type)) return this.#check(command);
    else throw new RpcError(Status.ERROR_INVALID_PARAMETER);
    this.told.push(command);
  }

  /** Paths are those from the key of the batch: after a key was deleted there is no other one. */
  #create(path: string): void {
    checkedPath(path);
    const there = findKey(this.#from, path);
    if (there === null) this.#demand(this.#from, keyRights.createSubKey);
    this.#current = there ?? createKey(this.#tx, this.#from, path);
  }

  #delete(path: string): void {
    if (checkedPath(path).length === 0) throw new RpcError(Status.ERROR_INVALID_PARAMETER);
    this.#current = null;
    const there = findKey(this.#from, path);
    if (there === null) return;
    this.#demand(there, rights.delete);
    deleteKey(this.#tx, there);
  }

  #change(command: BatchCommand): void {
    const { type, name, valueType, data } = command;
    const key = this.#key();
    checkValueName(name);
    this.#demand(key, keyRights.setValue);
    const before = valueOf(key, name);
    if (before !== undefined && before.data.length > 0) {
      const { type: valueType, data } = before;
      this.told.push({ type: Type.ValueDeleted, valueType, name, data });
    }
    this.told.push(command);
    if (type === Type.SetValue) setValue(this.#tx, key, name, { type: valueType, data });
    else if (before !== undefined) deleteValue(this.#tx, key, name);
  }

  #check(command: BatchCommand): void {
    const { type, name, valueType, data } = command;
    if (type === Type.ConditionKeyExists || type === Type.ConditionKeyNotExists) {
      checkedPath(name);
      demandExistence(findKey(this.#from, name) !== null, type === Type.ConditionKeyExists);
      return;
    }
    const key = this.#key();
    checkValueName(name);
    this.#demand(key, keyRights.queryValue);
    const value = valueOf(key, name);
    if (type === Type.ConditionExists || type === Type.ConditionNotExists) {
      demandExistence(value !== undefined, type === Type.ConditionExists);
      return;
    }
    const holds = comparisons.get(type);
    if (holds?.(value, { type: valueType, data }) === true) return;
    throw new RpcError(Status.ERROR_ASSERTION_FAILURE);
  }

  #key(): RegistryKey {
    if (this.#current === null) throw new RpcError(Status.ERROR_INVALID_PARAMETER);
    return this.#current;
  }
}

type Holds = (there: RegistryValue | undefined, given: RegistryValue) => boolean;

/** The value that is there against the one that is given. Values of different types have no order. */
const comparisons: ReadonlyMap<number, Holds> = new Map<number, Holds>([
  [Type.ConditionIsEqual, (there, given) => there !== undefined && sameValue(there, given)],
  [Type.ConditionIsNotEqual, (there, given) => there === undefined || !sameValue(there, given)],
  [Type.ConditionIsGreaterThan, (there, given) => order(there, given) > 0],
  [Type.ConditionIsLessThan, (there, given) => order(there, given) < 0],
]);

const conditions: ReadonlySet<number> = new Set([
  ...comparisons.keys(),
  Type.ConditionExists,
  Type.ConditionNotExists,
  Type.ConditionKeyExists,
  Type.ConditionKeyNotExists,
]);

function demandExistence(isThere: boolean, isWanted: boolean): void {
  if (isThere === isWanted) return;
  throw new RpcError(isWanted ? Status.ERROR_FILE_NOT_FOUND : Status.ERROR_ALREADY_EXISTS);
}

/** Numbers by their value, all else by its octets; 0 for what can't be compared. */
function order(there: RegistryValue | undefined, given: RegistryValue): number {
  if (there === undefined || there.type !== given.type) return 0;
  const isNumber = there.type === RegistryType.Dword || there.type === RegistryType.Qword;
  const [a, b] = [there.data, given.data].map((data) =>
    Buffer.from(isNumber ? data.toReversed() : data),
  );
  if (a === undefined || b === undefined || (isNumber && a.length !== b.length)) return 0;
  return Buffer.compare(a, b);
}

/** Octets of values in an answer: as much as a request has. One value may be asked for many times. */
const mostRead = 4 << 20;

/**
 * Reads what commands say, one after the other. What fails stands in the answer with its status: ERROR_MORE_DATA where
 * the answer would have more than 4 MiB of values, which can be asked for one by one.
 *
 * @throws RpcError ERROR_INVALID_PARAMETER for commands that don't read
 */
export function readValues(
  from: RegistryKey,
  commands: readonly BatchCommand[],
  demand: Demand,
): BatchCommand[] {
  const reads: ReadonlySet<number> = new Set([Type.ReadKey, Type.ReadValue]);
  if (!commands.every(({ type }) => reads.has(type))) {
    throw new RpcError(Status.ERROR_INVALID_PARAMETER);
  }
  let current: RegistryKey | null = from;
  let left = mostRead;
  const readOne = ({ type, name }: BatchCommand): BatchCommand => {
    if (type === Type.ReadKey) {
      current = null;
      current = keyAt(from, name);
      return { type, valueType: 0, name, data: nothing };
    }
    if (current === null) throw new RpcError(Status.ERROR_FILE_NOT_FOUND);
    demand(current, keyRights.queryValue);
    const value = valueAt(current, name);
    if (value.data.length > left) throw new RpcError(Status.ERROR_MORE_DATA);
    left -= value.data.length;
    return { type, valueType: value.type, name, data: value.data };
  };
  return commands.map((command) => {
    try {
      return readOne(command);
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      return { type: Type.ReadError, valueType: error.status, name: command.name, data: nothing };
    }
  });
}

const nothing = new Uint8Array(0);
