/** The module of one operation: its messages, their codec, its policy. */
import type { ParamPlan } from "@msrpc/wire";
import type { OperationEntry } from "../model/operation.ts";
import type { Slot } from "../model/record.ts";
import type { Registry } from "../model/registry.ts";
import { leastSize } from "../model/wire-types.ts";
import type { Block } from "../print/block.ts";
import { generic, list, union, type Doc } from "../print/doc.ts";
import { Module } from "../print/module.ts";
import { Emitter, Scope, quote } from "./context.ts";
import { citation, sentence } from "./docs.ts";
import {
  emitMessageType,
  emitRequestCodec,
  emitResponseCodec,
  emitResponseMembers,
  isEmptyMessage,
  pipeMember,
  type MessageKind,
} from "./message.ts";
import { ValueReader } from "./read-value.ts";
import { asideEmitter, memberNames, type SharedMessages } from "./shared-messages.ts";
import { ValueWriter } from "./write-value.ts";

export interface Shared {
  readonly request: SharedMessages;
  readonly response: SharedMessages;
}

export function emitOperation(entry: OperationEntry, registry: Registry, shared: Shared): Module {
  const module = new Module(entry.file);
  const emitter = new Emitter(module, registry, entry.interface.unit, entry.plan.name);
  const out = module.body;
  const request = messageType(emitter, entry, "request", shared);
  const response = messageType(emitter, entry, "response", shared);
  const operation = module.type({ name: "Operation", from: { package: "@msrpc/rpc" } });
  out.comment(...operationComment(entry));
  const type = generic(operation, request, response, resultType(emitter, entry, response));
  out.nest(
    [`export const ${entry.ts}: `, type, " ="],
    () => {
      out.add(`name: ${quote(entry.plan.name)},`);
      out.add(`opnum: ${entry.plan.opnum},`);
      emitCodec(emitter, out, entry, "request", shared);
      emitCodec(emitter, out, entry, "response", shared);
      emitPolicy(emitter, out, entry);
    },
    "};",
  );
  return module;
}

function messageType(
  emitter: Emitter,
  entry: OperationEntry,
  kind: MessageKind,
  shared: Shared,
): string {
  if (isEmptyMessage(entry, kind)) return "object";
  const { module } = emitter;
  const codec = shared[kind].codecOf(entry);
  if (codec !== null) return module.type({ name: codec.type, from: { file: codec.file } });
  const name = entry.messages[kind];
  const newer = shared[kind].newerOf(entry);
  if (newer !== null) {
    module.reexportType(name, newer.file);
    return module.type({ name, from: { file: newer.file } });
  }
  emitMessageType(emitter, module.body, entry, kind, name);
  module.body.add("");
  return name;
}

/** Members of the operation that encode and decode a message. */
function emitCodec(
  emitter: Emitter,
  out: Block,
  entry: OperationEntry,
  kind: MessageKind,
  shared: Shared,
): void {
  const { module } = emitter;
  const codec = shared[kind].codecOf(entry);
  const newer = shared[kind].newerOf(entry);
  if (codec !== null) {
    out.add(`...${module.value({ name: codec.name, from: { file: codec.file } })},`);
  } else if (newer !== null) {
    const other = module.value({
      name: newer.ts,
      as: newer.interface.ts,
      from: { file: newer.file },
    });
    // Those that an operation may lack can't be taken from one whose type doesn't say that they are there.
    for (const member of memberNames(kind, entry, emitter.registry)) {
      if (member !== "status" && member !== "members") out.add(`${member}: ${other}.${member},`);
    }
    if (kind === "response") {
      emitResponseMembers(asideEmitter(entry, emitter.registry), out, entry);
      emitStatus(out, entry);
    }
  } else if (kind === "request") {
    emitRequestCodec(emitter, out, entry);
  } else {
    emitResponseCodec(emitter, out, entry);
    emitStatus(out, entry);
  }
}

function emitStatus(out: Block, entry: OperationEntry): void {
  if (entry.status.length > 0) out.add([list("status: [", entry.status.map(quote), "]"), ","]);
}

/** What it does and where it is from; the errors follow on a line of their own. */
function operationComment(entry: OperationEntry): string[] {
  const { plan, overlay, interface: owner } = entry;
  const cite = citation(owner.unit.overlay.overlay.document, overlay.section);
  const origin = [plan.name, `opnum ${plan.opnum}`, cite].filter((part) => part !== "").join(", ");
  const summary = sentence(overlay.summary).replace(/\.$/, "");
  const errors = overlay.errors ?? [];
  return [
    summary === "" ? `${origin}.` : `${summary} (${origin}).`,
    errors.length === 0 ? "" : `Errors: ${errors.join(", ")}.`,
  ];
}

function resultType(emitter: Emitter, entry: OperationEntry, response: string): Doc {
  const { result, opens } = entry;
  if (result.kind === "handle") return handleType(emitter, result.slot);
  const names = [...result.names, ...entry.outPipes.map(pipeMember)];
  if (names.length === 0) return "void";
  const slot = entry.response.slots.find(
    ({ role }) => role.kind === "member" && role.name === opens?.handle,
  );
  if (opens !== null && slot !== undefined && names.includes(opens.handle)) {
    // A call that succeeded has opened it: no null here.
    const others = names.filter((name) => name !== opens.handle);
    return [
      generic("Pick", response, union(others.map(quote))),
      ` & { ${opens.handle}: ${handleType(emitter, slot)} }`,
    ];
  }
  const all =
    entry.response.slots.filter((slot) => slot.role.kind === "member").length +
    entry.outPipes.length;
  return names.length === all ? response : generic("Pick", response, union(names.map(quote)));
}

function handleType(emitter: Emitter, slot: Slot): string {
  return emitter.tsType(slot.type).replace(/ \| null$/, "");
}

function emitPolicy(emitter: Emitter, out: Block, entry: OperationEntry): void {
  if (entry.accepts.length > 0) out.add([list("accepts: [", entry.accepts.map(String), "]"), ","]);
  if (entry.overlay.longWait === true) out.add("longWait: true,");
  const { idempotent, maybe } = entry.plan.semantics;
  if (idempotent) out.add("idempotent: true,");
  if (maybe) out.add("maybe: true,");
  if (entry.opens !== null) {
    out.add(`opens: { handle: ${quote(entry.opens.handle)}, close: ${quote(entry.opens.close)} },`);
  }
  if (entry.closes !== null) out.add(`closes: ${quote(entry.closes)},`);
  emitPipes(emitter, out, "inPipes", entry.inPipes);
  emitPipes(emitter, out, "outPipes", entry.outPipes);
}

function emitPipes(emitter: Emitter, out: Block, key: string, pipes: readonly ParamPlan[]): void {
  if (pipes.length === 0) return;
  const each = (): void => {
    for (const pipe of pipes) emitPipe(emitter, out, pipe);
  };
  out.nest(`${key}:`, each, "],", "[");
}

/** The elements of a pipe speak of no fields. */
const noFields = (): null => null;

function emitPipe(emitter: Emitter, out: Block, pipe: ParamPlan): void {
  if (pipe.type.kind !== "pipe") return;
  const { element } = pipe.type;
  const shown = emitter.tsType(element);
  out.add("{");
  const inner = out.inner((body) => {
    body.add(`member: ${quote(pipeMember(pipe))},`);
    body.add(`atLeast: ${Math.max(1, leastSize(element, emitter.types))},`);
    const writer = new ValueWriter(emitter, new Scope(["w", "element"]));
    const write = (): void =>
      writer.inPlace(body, element, { code: `element as ${shown}`, name: "", fields: noFields });
    body.nest("write(w, element)", write, "},");
    const reader = new ValueReader(emitter, new Scope(["r"]));
    const read = (): void => {
      body.add([
        "return ",
        reader.inPlace(body, element, { name: "", local: "element", fields: noFields }).code,
        ";",
      ]);
    };
    body.nest("read(r)", read, "},");
  });
  out.append(inner);
  out.add("},");
}
