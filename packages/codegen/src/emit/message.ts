/** Requests and responses: their interfaces and the members of a codec's object literal. */
import type { ParamPlan } from "@msrpc/wire";
import { isHandle, type OperationEntry } from "../model/operation.ts";
import type { RecordModel, Slot } from "../model/record.ts";
import type { Block } from "../print/block.ts";
import { memberFields, type Source } from "./access.ts";
import { Scope, speaksOf, type Emitter } from "./context.ts";
import { emptyRecord } from "./empty.ts";
import { ValueReader } from "./read-value.ts";
import { directMembers, readSlots, writeSlots, type ReadRecordOptions } from "./record-code.ts";
import { emitMembers } from "./struct.ts";
import { assign, list } from "../print/doc.ts";
import { ValueWriter } from "./write-value.ts";

export type MessageKind = "request" | "response";

/** Whether a message has anything in it, pipes included. */
export function isEmptyMessage(entry: OperationEntry, kind: MessageKind): boolean {
  return entry[kind].slots.length === 0 && pipesOf(entry, kind).length === 0;
}

export function pipesOf(entry: OperationEntry, kind: MessageKind): readonly ParamPlan[] {
  return kind === "request" ? entry.inPipes : entry.outPipes;
}

export function pipeMember(pipe: ParamPlan): string {
  return pipe.name.charAt(0).toLowerCase() + pipe.name.slice(1);
}

export function emitMessageType(
  emitter: Emitter,
  out: Block,
  entry: OperationEntry,
  kind: MessageKind,
  name: string,
): void {
  const isOpen = (slot: Slot): boolean => kind === "request" && isOpenHandle(slot, entry);
  out.nest(`export interface ${name}`, () => {
    emitMembers(emitter, out, entry[kind].slots, isOpen);
    for (const pipe of pipesOf(entry, kind))
      out.add(`${pipeMember(pipe)}: ${emitter.tsType(pipe.type)};`);
  });
}

/** Whether a context handle can't be NULL there: [in] alone, or about to be closed. */
function isOpenHandle(slot: Slot, entry: OperationEntry): boolean {
  if (!isHandle(slot, entry.interface)) return false;
  return (
    !entry.response.byWire.has(slot.wire) ||
    (slot.role.kind === "member" && slot.role.name === entry.closes)
  );
}

/** `encodeRequest` and `decodeRequest`. */
export function emitRequestCodec(emitter: Emitter, out: Block, entry: OperationEntry): void {
  const { request } = entry;
  const isOpen = (slot: Slot): boolean => isOpenHandle(slot, entry);
  const writer = new ValueWriter(emitter, new Scope(["w", "q"]));
  const sources: Source[] = [{ base: "q", record: request }];
  emitEncode(out, "encodeRequest", ["w", "q"], (body) => {
    writeSlots(body, writer, request, "q", sources, emitter, "whole", isOpen);
  });
  const options = { how: "whole", outside: () => null, isOpen } as const;
  emitDecode(emitter, out, "decodeRequest", request, options, incomplete(entry, "request"));
}

/** `encodeResponse`, `decodeResponse` and `empty`. */
export function emitResponseCodec(emitter: Emitter, out: Block, entry: OperationEntry): void {
  const { request, response } = entry;
  const asked: Source = { base: "q", record: request };
  const fields = memberFields([asked], emitter);
  const writer = new ValueWriter(emitter, new Scope(["w", "p", "q"]));
  const sources: Source[] = [{ base: "p", record: response }, asked];
  emitEncode(out, "encodeResponse", ["w", "p", "q"], (body) => {
    writeSlots(body, writer, response, "p", sources, emitter, "whole");
  });
  const as = incomplete(entry, "response");
  emitDecode(emitter, out, "decodeResponse", response, { how: "whole", outside: fields }, as);
  const members = emptyRecord(emitter, response, fields, request);
  emitObject(out, `empty: (${asksRequest(members) ? "q" : ""}) => (`, members, as);
  emitResponseMembers(emitter, out, entry);
}

/** `members`: where `empty` asks the request, its result isn't known beforehand and its names have to be. */
export function emitResponseMembers(emitter: Emitter, out: Block, entry: OperationEntry): void {
  const { request, response } = entry;
  const fields = memberFields([{ base: "q", record: request }], emitter);
  const members = emptyRecord(emitter, response, fields, request);
  if (!asksRequest(members)) return;
  out.add([
    list(
      "members: [",
      members.map(({ name }) => JSON.stringify(name)),
      "]",
    ),
    ",",
  ]);
}

function asksRequest(members: readonly { readonly code: string }[]): boolean {
  return members.some(({ code }) => speaksOf("q", code));
}

/** A message with pipes has them from the runtime, after its codec: until then it only passes for one. */
function incomplete(entry: OperationEntry, kind: MessageKind): string {
  return pipesOf(entry, kind).length === 0 ? "" : ` as ${entry.messages[kind]}`;
}

function emitEncode(
  out: Block,
  name: string,
  parameters: readonly string[],
  make: (body: Block) => void,
): void {
  const body = out.inner(make);
  const used = parameters.slice(0, lastUsed(parameters, body.toString()) + 1).join(", ");
  const only = body.only;
  const arrow = only === null ? "" : `${name}: (${used}) => ${only.replace(/;$/, "")},`;
  if (body.isEmpty) {
    out.add(`${name}() {},`);
  } else if (arrow !== "" && out.margin + arrow.length <= 100) {
    out.add(arrow);
  } else {
    out.nest(`${name}(${used})`, () => out.append(body), "},");
  }
}

function emitDecode(
  emitter: Emitter,
  out: Block,
  name: string,
  record: RecordModel,
  options: ReadRecordOptions,
  as: string,
): void {
  const scope = (): Scope => new Scope(["r", "q", ...record.slots.map((slot) => slot.local)]);
  const direct = directMembers(emitter, scope, record, options);
  if (direct !== null) {
    const text = direct.map(({ code }) => code).join();
    emitObject(out, `${name}: (${parametersOf(["r", "q"], text)}) => (`, direct, as);
    return;
  }
  const body = out.inner((inner) => {
    const { members } = readSlots(
      inner,
      new ValueReader(emitter, scope()),
      record,
      emitter,
      options,
    );
    const items = members.map(({ name: member, code }) =>
      member === code ? member : assign(`${member}:`, code),
    );
    inner.add([list("return {", items, "}", " "), `${as};`]);
  });
  out.nest(`${name}(${parametersOf(["r", "q"], body.toString())})`, () => out.append(body), "},");
}

/** `head{ a: 1, b: 2 }),` on one line, or a member a line. */
function emitObject(
  out: Block,
  head: string,
  members: readonly { readonly name: string; readonly code: string }[],
  as: string,
): void {
  const items = members.map(({ name, code }) => `${name}: ${code}`);
  const docs = members.map(({ name, code }) => [assign(`${name}:`, code), ","]);
  const flat = `${head}${items.length === 0 ? "{}" : `{ ${items.join(", ")} }`})${as},`;
  if (out.margin + flat.length <= 100) out.add(flat);
  else out.nest(head, () => docs.forEach((item) => out.add(item)), `})${as},`);
}

function parametersOf(parameters: readonly string[], text: string): string {
  return parameters.slice(0, lastUsed(parameters, text) + 1).join(", ");
}

function lastUsed(parameters: readonly string[], text: string): number {
  return parameters.findLastIndex((name) => speaksOf(name, text));
}
