/** CLUSTER_REG_BATCH_UPDATE ([MS-CMRP] 2.2.3.17): commands of batches, and what became of them, as octets. */
import { fromUtf16, utf16 } from "./utf16.ts";

/** CLUSTER_REG_BATCH_COMMAND ([MS-CMRP] 2.2.2.8). */
export const BatchCommandType = {
  SetValue: 1,
  CreateKey: 2,
  DeleteKey: 3,
  DeleteValue: 4,
  ValueDeleted: 6,
  ReadKey: 7,
  ReadValue: 8,
  ReadError: 9,
  ControlCommand: 10,
  ConditionExists: 11,
  ConditionNotExists: 12,
  ConditionIsEqual: 13,
  ConditionIsNotEqual: 14,
  ConditionIsGreaterThan: 15,
  ConditionIsLessThan: 16,
  ConditionKeyExists: 17,
  ConditionKeyNotExists: 18,
} as const;
export type BatchCommandType = (typeof BatchCommandType)[keyof typeof BatchCommandType];

export interface BatchCommand {
  readonly type: BatchCommandType;
  /** Of `RegistryType`; a status in a ReadError. */
  readonly valueType: number;
  /** Of a key, by its path, or of a value. */
  readonly name: string;
  readonly data: Uint8Array;
}

/** Octets that are no batch; the message says where. */
export class BatchError extends Error {
  override readonly name = "BatchError";
}

const version = 1;
const known: ReadonlySet<number> = new Set(Object.values(BatchCommandType));

/** @throws BatchError */
export function readBatch(octets: Uint8Array): BatchCommand[] {
  const reader = new BatchReader(octets);
  if (reader.u32() !== version) throw malformed(0, "is of another version than 1");
  const commands: BatchCommand[] = [];
  do commands.push(reader.command());
  while (reader.at < octets.length);
  return commands;
}

class BatchReader {
  at = 0;
  readonly #octets: Uint8Array;
  readonly #view: DataView;

  constructor(octets: Uint8Array) {
    this.#octets = octets;
    this.#view = new DataView(octets.buffer, octets.byteOffset, octets.length);
  }

  u32(): number {
    this.#demand(4);
    this.at += 4;
    return this.#view.getUint32(this.at - 4, true);
  }

  command(): BatchCommand {
    const start = this.at;
    const type = this.u32();
    if (!isCommandType(type)) throw malformed(start, `has a command of the unknown type ${type}`);
    const valueType = this.u32();
    const name = this.#name();
    const data = this.#take(this.u32()).slice();
    // The end of a command is aligned to two octets.
    this.#take(data.length % 2);
    return { type, valueType, name, data };
  }

  #name(): string {
    const start = this.at;
    const length = this.u32();
    if (length < 2 || length % 2 !== 0) throw malformed(start, `has a name of ${length} octets`);
    const text = fromUtf16(this.#take(length));
    if (text.indexOf("\0") !== text.length - 1) {
      throw malformed(start, "has a name that a zero does not end");
    }
    return text.slice(0, -1);
  }

  #take(length: number): Uint8Array {
    this.#demand(length);
    this.at += length;
    return this.#octets.subarray(this.at - length, this.at);
  }

  #demand(length: number): void {
    if (length <= this.#octets.length - this.at) return;
    throw malformed(this.at, `ends ${this.at + length - this.#octets.length} octets too early`);
  }
}

function isCommandType(type: number): type is BatchCommandType {
  return known.has(type);
}

function malformed(at: number, problem: string): BatchError {
  return new BatchError(`the batch ${problem}, at ${at}`);
}

export function writeBatch(commands: readonly BatchCommand[]): Uint8Array {
  const parts = commands.map((command) => ({ ...command, name: utf16(`${command.name}\0`) }));
  const sizes = parts.map(({ name, data }) => 16 + name.length + data.length + (data.length % 2));
  const octets = new Uint8Array(sizes.reduce((all, size) => all + size, 4));
  const view = new DataView(octets.buffer);
  view.setUint32(0, version, true);
  let at = 4;
  for (const [index, { type, valueType, name, data }] of parts.entries()) {
    view.setUint32(at, type, true);
    view.setUint32(at + 4, valueType, true);
    view.setUint32(at + 8, name.length, true);
    octets.set(name, at + 12);
    view.setUint32(at + 12 + name.length, data.length, true);
    octets.set(data, at + 16 + name.length);
    at += sizes[index] ?? 0;
  }
  return octets;
}
