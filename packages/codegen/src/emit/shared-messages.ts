/**
 * Messages that several operations of a package have in the same form.
 *
 * Where operations of one interface share it, they spread one codec into themselves. Where it is one
 * operation in two versions of an interface, the older takes it from the newer.
 */
import type { OperationEntry } from "../model/operation.ts";
import type { Slot } from "../model/record.ts";
import type { Registry } from "../model/registry.ts";
import { throughSilent } from "../model/wire-types.ts";
import { Block } from "../print/block.ts";
import { generic, list, union } from "../print/doc.ts";
import { Module } from "../print/module.ts";
import { Emitter, quote } from "./context.ts";
import {
  emitMessageType,
  emitRequestCodec,
  emitResponseCodec,
  isEmptyMessage,
  pipesOf,
  type MessageKind,
} from "./message.ts";

export interface SharedCodec {
  /** `statusResponse`. */
  readonly name: string;
  /** `StatusResponse`. */
  readonly type: string;
  readonly file: string;
  /** The operation whose message it was made from. */
  readonly from: OperationEntry;
}

export class SharedMessages {
  readonly #kind: MessageKind;
  readonly #registry: Registry;
  readonly #codecs = new Map<OperationEntry, SharedCodec>();
  readonly #newer = new Map<OperationEntry, OperationEntry>();

  constructor(kind: MessageKind, operations: readonly OperationEntry[], registry: Registry) {
    this.#kind = kind;
    this.#registry = registry;
    const groups = [...Map.groupBy(operations, (operation) => this.#formOf(operation))]
      .filter(([form, users]) => form !== "" && users.length > 1)
      .map(([, users]) => users)
      .sort(
        (a, b) =>
          this.#tellingSlots(a[0]!).length - this.#tellingSlots(b[0]!).length ||
          b.length - a.length,
      );
    const taken = new Map(
      [...Map.groupBy(operations, folderOf)].map(([folder, own]) => [
        folder,
        takenNames(own, kind, registry),
      ]),
    );
    const root = new Set<string>();
    for (const users of [...groups.filter(isWide), ...groups.filter((group) => !isWide(group))]) {
      const newest = users.at(-1)!;
      const scopes = isWide(users)
        ? [root, ...taken.values()]
        : [root, taken.get(folderOf(newest))!];
      const isOneOperation = users.every((operation) => operation.ts === newest.ts);
      const type = isOneOperation
        ? null
        : this.#nameOf(newest, (name) => scopes.some((names) => names.has(name)));
      if (type === null) {
        for (const same of Map.groupBy(users, (operation) =>
          this.#signatureOf(operation),
        ).values()) {
          for (const operation of same.slice(0, -1)) this.#newer.set(operation, same.at(-1)!);
        }
        continue;
      }
      (isWide(users) ? root : scopes[1]!).add(type);
      const file = isWide(users) ? `${kind}s.ts` : `${folderOf(newest)}/${kind}s.ts`;
      const codec = {
        type,
        name: type.charAt(0).toLowerCase() + type.slice(1),
        file,
        from: newest,
      };
      for (const operation of users) this.#codecs.set(operation, codec);
    }
  }

  codecOf(operation: OperationEntry): SharedCodec | null {
    return this.#codecs.get(operation) ?? null;
  }

  /** The operation of a newer version that has the same message. */
  newerOf(operation: OperationEntry): OperationEntry | null {
    return this.#newer.get(operation) ?? null;
  }

  /** The modules that hold the codecs. */
  emit(): Module[] {
    const byFile = Map.groupBy(new Set(this.#codecs.values()), (codec) => codec.file);
    return [...byFile].map(([file, codecs]) => {
      const module = new Module(file);
      for (const codec of codecs) {
        if (!module.body.isEmpty) module.body.add("");
        this.#emitShared(module, codec);
      }
      return module;
    });
  }

  #emitShared(module: Module, codec: SharedCodec): void {
    const out = module.body;
    const entry = codec.from;
    const emitter = new Emitter(module, this.#registry, entry.interface.unit, entry.plan.name);
    emitMessageType(emitter, out, entry, this.#kind, codec.type);
    out.add("");
    const operation = module.type({ name: "Operation", from: { package: "@msrpc/rpc" } });
    const types =
      this.#kind === "request"
        ? [codec.type, "object"]
        : [this.#askedType(emitter, entry), codec.type];
    const members = memberNames(this.#kind, entry, this.#registry);
    const picked = generic("Pick", generic(operation, ...types, "void"), union(members.map(quote)));
    const isOptional = members.some((name) => name === "status" || name === "members");
    const type = isOptional ? generic("Required", picked) : picked;
    out.nest(
      [`export const ${codec.name}: `, type, " ="],
      () => this.#emitCodec(emitter, out, entry),
      "};",
    );
  }

  #emitCodec(emitter: Emitter, out: Block, entry: OperationEntry): void {
    if (this.#kind === "request") return emitRequestCodec(emitter, out, entry);
    emitResponseCodec(emitter, out, entry);
    if (entry.status.length > 0) out.add([list("status: [", entry.status.map(quote), "]"), ","]);
  }

  /** Members of the request that the response speaks of. */
  #askedType(emitter: Emitter, entry: OperationEntry): string {
    const body = new Block();
    emitResponseCodec(emitter, body, entry);
    const used = new Set(
      Array.from(body.toString().matchAll(/(?<![\w.])q\.(\w+)/g), (match) => match[1]!),
    );
    if (used.size === 0) return "object";
    const members = entry.request.slots.flatMap((slot) =>
      slot.role.kind === "member" && used.has(slot.role.name)
        ? [`${slot.role.name}: ${emitter.tsType(throughSilent(slot.type))}`]
        : [],
    );
    return `{ ${members.join("; ")} }`;
  }

  /** Equal for operations that can share; empty for one that can't. */
  #formOf(entry: OperationEntry): string {
    if (isEmptyMessage(entry, this.#kind) || pipesOf(entry, this.#kind).length > 0) return "";
    const emitter = asideEmitter(entry, this.#registry);
    const { module } = emitter;
    emitMessageType(emitter, module.body, entry, this.#kind, "Message");
    this.#emitCodec(emitter, module.body, entry);
    const text = module.toString("");
    if (this.#kind === "request" || !/(?<![\w.])q\./.test(text)) return text;
    // What the response needs of the request has to be there, of the same type.
    return text + this.#askedType(emitter, entry);
  }

  /** Equal for operations of one name where one can take the other's message. */
  #signatureOf(entry: OperationEntry): string {
    const name = entry.ts + entry.messages[this.#kind];
    if (this.#kind === "request") return name;
    const emitter = asideEmitter(entry, this.#registry);
    const { module } = emitter;
    emitMessageType(emitter, module.body, entry, "request", "Request");
    return name + module.toString("");
  }

  /** Members that say what the message is for: all but statuses. */
  #tellingSlots(entry: OperationEntry): Slot[] {
    return entry[this.#kind].slots.filter(
      ({ role }) =>
        role.kind === "member" && (this.#kind === "request" || !entry.status.includes(role.name)),
    );
  }

  /** After what it says; null where other messages have every such name. */
  #nameOf(entry: OperationEntry, isTaken: (name: string) => boolean): string | null {
    const telling = this.#tellingSlots(entry);
    const words = telling.map((slot) => this.#word(slot, entry));
    const statuses = entry[this.#kind].slots
      .filter((slot) => !telling.includes(slot) && slot.wire !== "return value")
      .map((slot) => this.#word(slot, entry));
    const candidates =
      words.length === 0
        ? ["Status", statuses.join("")]
        : [words[0]!, words.slice(0, 2).join(""), words.join(""), [...words, ...statuses].join("")];
    const suffix = pascal(this.#kind);
    const found = candidates.find(
      (name) => name !== "" && name.length < 50 && !isTaken(name + suffix),
    );
    return found === undefined ? null : found + suffix;
  }

  #word(slot: Slot, entry: OperationEntry): string {
    const type = throughSilent(slot.type);
    if (slot.wire !== "return value" || type.kind !== "named")
      return pascal(slot.role.kind === "member" ? slot.role.name : "");
    return this.#registry.entry(entry.interface.unit, type.name).ts;
  }
}

function folderOf(operation: OperationEntry): string {
  return operation.interface.folder;
}

/** Operations of several interfaces. */
function isWide(users: readonly OperationEntry[]): boolean {
  return new Set(users.map(folderOf)).size > 1;
}

/** Names that can't be a shared message's: of operations, of their own messages, of types. */
function takenNames(
  operations: readonly OperationEntry[],
  kind: MessageKind,
  registry: Registry,
): Set<string> {
  const units = new Set(operations.map((operation) => operation.interface.unit));
  return new Set([
    ...operations.flatMap(({ ts, messages }) => [pascal(ts), messages[kind]]),
    ...[...units].flatMap((unit) => [...registry.exportsOf(unit)]),
  ]);
}

/** The members of an operation that a message's codec is. */
export function memberNames(
  kind: MessageKind,
  entry: OperationEntry,
  registry: Registry,
): string[] {
  if (kind === "request") return ["encodeRequest", "decodeRequest"];
  const body = new Block();
  emitResponseCodec(asideEmitter(entry, registry), body, entry);
  const emitted = /^members:/m.test(body.toString()) ? ["members"] : [];
  const status = entry.status.length > 0 ? ["status"] : [];
  return ["encodeResponse", "decodeResponse", "empty", ...emitted, ...status];
}

/** An emitter for text of which nothing is imported. */
export function asideEmitter(entry: OperationEntry, registry: Registry): Emitter {
  return new Emitter(new Module("form.ts"), registry, entry.interface.unit, entry.plan.name);
}

function pascal(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
