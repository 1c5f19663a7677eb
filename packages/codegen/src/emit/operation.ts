/** The module of one operation: its messages, their codec, its policy. */
import type { ParamPlan } from "@msrpc/wire";
import type { OperationEntry } from "../model/operation.ts";
import { isHandle } from "../model/operation.ts";
import type { RecordModel, Slot } from "../model/record.ts";
import type { Registry } from "../model/registry.ts";
import { leastSize } from "../model/wire-types.ts";
import type { Block } from "../print/block.ts";
import { generic, list } from "../print/doc.ts";
import { Module } from "../print/module.ts";
import { memberFields, type Source } from "./access.ts";
import { Emitter, Scope, quote } from "./context.ts";
import { citation, sentence } from "./docs.ts";
import { emptyRecord } from "./empty.ts";
import { ValueReader } from "./read-value.ts";
import { directMembers, readReturn, readSlots, writeSlots } from "./record-code.ts";
import { emitMembers } from "./struct.ts";
import type { SharedResponses } from "./shared-responses.ts";
import { ValueWriter } from "./write-value.ts";

export function emitOperation(entry: OperationEntry, registry: Registry, shared: SharedResponses): Module {
  const module = new Module(entry.file);
  const emitter = new Emitter(module, registry, entry.interface.unit);
  const out = module.body;
  const pascal = entry.ts.charAt(0).toUpperCase() + entry.ts.slice(1).replace(/_$/, "");
  const codec = shared.codecOf(entry);
  const request = messageType(emitter, entry, entry.request, `${pascal}Request`, `Parameters of {@link ${entry.ts}}.`, entry.inPipes);
  const response =
    codec === null
      ? messageType(emitter, entry, entry.response, `${pascal}Response`, `What the server answers to {@link ${entry.ts}}.`, entry.outPipes)
      : module.type({ name: codec.type, from: { file: codec.file } });
  const operation = module.type({ name: "Operation", from: { package: "@msrpc/rpc" } });
  out.comment(...operationComment(entry));
  const type = generic(operation, request, response, resultType(emitter, entry, response));
  out.nest(
    [`export const ${entry.ts}: `, type, " ="],
    () => {
      out.add(`name: ${quote(entry.plan.name)},`);
      out.add(`opnum: ${entry.plan.opnum},`);
      emitRequest(emitter, out, entry);
      if (codec === null) emitResponse(emitter, out, entry);
      else out.add(`...${module.value({ name: codec.name, from: { file: codec.file } })},`);
      emitPolicy(emitter, out, entry, codec !== null);
    },
    "};",
  );
  return module;
}

/** Whether a context handle can't be NULL there: [in] alone, or about to be closed. */
export function isOpenHandle(slot: Slot, entry: OperationEntry): boolean {
  if (!isHandle(slot, entry.interface)) return false;
  return !entry.response.byWire.has(slot.wire) || (slot.role.kind === "member" && slot.role.name === entry.closes);
}

function messageType(
  emitter: Emitter,
  entry: OperationEntry,
  record: RecordModel,
  name: string,
  comment: string,
  pipes: readonly ParamPlan[],
): string {
  const members = record.slots.filter((slot) => slot.role.kind === "member");
  if (members.length === 0 && pipes.length === 0) return "object";
  const out = emitter.module.body;
  out.comment(comment);
  const isOpen = (slot: Slot): boolean => record === entry.request && isOpenHandle(slot, entry);
  out.nest(`export interface ${name}`, () => {
    emitMembers(emitter, out, members, isOpen);
    for (const pipe of pipes) out.add(`${pipeMember(pipe)}: ${emitter.tsType(pipe.type)};`);
  });
  out.add("");
  return name;
}

function pipeMember(pipe: ParamPlan): string {
  return pipe.name.charAt(0).toLowerCase() + pipe.name.slice(1);
}

function operationComment(entry: OperationEntry): string[] {
  const { plan, overlay, interface: owner } = entry;
  const cite = citation(owner.unit.overlay.overlay.document, overlay.section);
  const origin = `${plan.name}, opnum ${plan.opnum}${cite === "" ? "" : ` (${cite})`}.`;
  const errors = overlay.errors ?? [];
  return [sentence(overlay.summary), origin, errors.length === 0 ? "" : `Errors: ${errors.join(", ")}.`];
}

function resultType(emitter: Emitter, entry: OperationEntry, response: string): string {
  const { result } = entry;
  if (result.kind === "handle") return emitter.tsType(result.slot.type).replace(/ \| null$/, "");
  const names = [...result.names, ...entry.outPipes.map(pipeMember)];
  if (names.length === 0) return "void";
  const all = entry.response.slots.filter((slot) => slot.role.kind === "member").length + entry.outPipes.length;
  return names.length === all ? response : `Pick<${response}, ${names.map(quote).join(" | ")}>`;
}

function emitRequest(emitter: Emitter, out: Block, entry: OperationEntry): void {
  const { request } = entry;
  const { types } = emitter;
  const isOpen = (slot: Slot): boolean => isOpenHandle(slot, entry);
  const source: Source = { base: "q", record: request };
  if (request.slots.length === 0) {
    out.add("encodeRequest() {},");
    out.add("decodeRequest: () => ({}),");
    return;
  }
  const writer = new ValueWriter(emitter, new Scope(["w", "q"]));
  out.nest("encodeRequest(w, q)", () => writeSlots(out, writer, request, "q", [source], types, "whole", isOpen), "},");
  const options = { how: "whole", outside: () => null, isOpen } as const;
  out.nest("decodeRequest(r)", () => readMessage(emitter, out, request, options), "},");
}

function readMessage(
  emitter: Emitter,
  out: Block,
  record: RecordModel,
  options: Parameters<typeof readSlots>[4],
): void {
  const scope = (): Scope => new Scope(["r", "q", ...record.slots.map((slot) => slot.local)]);
  readReturn(
    out,
    (body) => readSlots(body, new ValueReader(emitter, scope()), record, emitter.types, options),
    () => directMembers(emitter, scope, record, options),
  );
}

/** The codec of a response as members of an object literal. */
export function emitResponse(emitter: Emitter, out: Block, entry: OperationEntry): void {
  const { request, response } = entry;
  const { types } = emitter;
  const asked: Source = { base: "q", record: request };
  const fields = memberFields([asked], types);
  if (response.slots.length === 0) {
    out.add("encodeResponse() {},");
    out.add("decodeResponse: () => ({}),");
    out.add("empty: () => ({}),");
    return;
  }
  const needs = (text: string): string => (/\bq\b/.test(text) ? ", q" : "");
  const writer = new ValueWriter(emitter, new Scope(["w", "p", "q"]));
  const sources: Source[] = [{ base: "p", record: response }, asked];
  const encode = out.inner((body) => writeSlots(body, writer, response, "p", sources, types, "whole"));
  out.nest(`encodeResponse(w, p${needs(encode.toString())})`, () => out.append(encode), "},");
  const decode = out.inner((body) => readMessage(emitter, body, response, { how: "whole", outside: fields }));
  out.nest(`decodeResponse(r${needs(decode.toString())})`, () => out.append(decode), "},");
  const empty = emptyRecord(emitter, response, fields);
  const parameter = needs(empty) === "" ? "()" : "(q)";
  const flat = `empty: ${parameter} => (${empty}),`;
  if (out.margin + flat.length <= 100) out.add(flat);
  else {
    const items = splitMembers(empty);
    out.nest(`empty: ${parameter} => (`, () => out.addAll(items.map((item) => `${item},`)), "}),", "{");
  }
}

/** Members of an object literal on one line, split at its own commas. */
function splitMembers(literal: string): string[] {
  const inner = literal.slice(2, -2);
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < inner.length; i++) {
    if ("({[".includes(inner[i]!)) depth++;
    else if (")}]".includes(inner[i]!)) depth--;
    else if (inner[i] === "," && depth === 0) {
      parts.push(inner.slice(start, i));
      start = i + 2;
    }
  }
  return [...parts, inner.slice(start)];
}

function emitPolicy(emitter: Emitter, out: Block, entry: OperationEntry, isShared: boolean): void {
  if (!isShared && entry.status.length > 0) out.add([list("status: [", entry.status.map(quote), "]"), ","]);
  if (entry.accepts.length > 0) out.add([list("accepts: [", entry.accepts.map(String), "]"), ","]);
  if (entry.overlay.longWait === true) out.add("longWait: true,");
  if (entry.opens !== null) {
    out.add(`opens: { handle: ${quote(entry.opens.handle)}, close: ${quote(entry.opens.close)} },`);
  }
  if (entry.closes !== null) out.add(`closes: ${quote(entry.closes)},`);
  emitPipes(emitter, out, "inPipes", entry.inPipes);
  emitPipes(emitter, out, "outPipes", entry.outPipes);
}

function emitPipes(emitter: Emitter, out: Block, key: string, pipes: readonly ParamPlan[]): void {
  if (pipes.length === 0) return;
  out.nest(
    `${key}:`,
    () => {
      for (const pipe of pipes) emitPipe(emitter, out, pipe);
    },
    "],",
    "[",
  );
}

function emitPipe(emitter: Emitter, out: Block, pipe: ParamPlan): void {
  if (pipe.type.kind !== "pipe") return;
  const { element } = pipe.type;
  const none = (): null => null;
  const shown = emitter.tsType(element);
  out.add("{");
  const inner = out.inner((body) => {
    body.add(`member: ${quote(pipeMember(pipe))},`);
    body.add(`atLeast: ${Math.max(1, leastSize(element, emitter.types))},`);
    const writer = new ValueWriter(emitter, new Scope(["w", "element"]));
    body.nest(
      "write(w, element)",
      () => writer.inPlace(body, element, { code: `(element as ${shown})`, name: "", fields: none }),
      "},",
    );
    const reader = new ValueReader(emitter, new Scope(["r"]));
    body.nest("read(r)", () => {
      const read = reader.inPlace(body, element, { name: "", local: "element", fields: none });
      body.add(["return ", read.code, ";"]);
    }, "},");
  });
  out.append(inner);
  out.add("},");
}
