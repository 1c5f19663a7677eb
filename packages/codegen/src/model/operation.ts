/** One operation: its messages, what is a status, what it opens and closes, what a caller gets. */
import { anyHandle, type OperationPlan, type ParamPlan, type WireType } from "@msrpc/wire";
import { own } from "../names/names.ts";
import type { OperationOverlay } from "../overlay/overlay.ts";
import { returnValue, type RecordModel, type Slot } from "./record.ts";
import { typeOverlay } from "../overlay/type-overlay.ts";
import type { InterfaceEntry, Registry } from "./registry.ts";
import { isInteger, throughSilent } from "./wire-types.ts";

export interface OperationEntry {
  readonly plan: OperationPlan;
  readonly interface: InterfaceEntry;
  readonly overlay: OperationOverlay;
  /** `openGroup`. */
  readonly ts: string;
  /** Names of the messages' types: `OpenGroupRequest`. */
  readonly messages: { readonly request: string; readonly response: string };
  /** `clusapi3/open-group.ts`. */
  readonly file: string;
  readonly request: RecordModel;
  readonly response: RecordModel;
  readonly inPipes: readonly ParamPlan[];
  readonly outPipes: readonly ParamPlan[];
  /** Members of the response, the first to take a handler's error. */
  readonly status: readonly string[];
  /** Accepted values beside 0. */
  readonly accepts: readonly number[];
  readonly opens: { readonly handle: string; readonly close: string } | null;
  /** The request's member that is closed. */
  readonly closes: string | null;
  /** What is left for a caller: one handle, some members, or nothing. */
  readonly result:
    | { readonly kind: "handle"; readonly slot: Slot }
    | { readonly kind: "members"; readonly names: readonly string[] };
}

/** Operations that have a name are those that are sent. */
export function isAbsent(plan: OperationPlan, entry: InterfaceEntry): boolean {
  return !entry.names.has(plan.opnum);
}

export function operationEntry(
  plan: OperationPlan,
  entry: InterfaceEntry,
  registry: Registry,
): OperationEntry {
  const { unit } = entry;
  const overlay = own(entry.overlay.operations, plan.name) ?? {};
  const naming = unit.overlay.overlay.naming ?? {};
  const sent = plan.params.filter((param) => !isPipe(param));
  const ins = sent.filter((param) => param.isIn).map(asRaw);
  const outs = sent.filter((param) => param.isOut).map(asRaw);
  if (plan.result !== null) outs.push({ wire: returnValue, type: plan.result, place: plan.place });
  const stated = overlay.status ?? entry.overlay.status ?? [];
  const request = registry.record(unit, ins, overlay.params, naming, false);
  const answered = outs.map((slot) =>
    stated.includes(slot.wire === returnValue ? "return" : slot.wire)
      ? { ...slot, type: unsigned(slot.type) }
      : slot,
  );
  const response = registry.record(unit, answered, overlay.params, naming, false);
  const names = entry.names.get(plan.opnum);
  if (names === undefined) throw new Error(`${plan.name} has no wire form`);
  const status = statusMembers(response, overlay.status ?? entry.overlay.status);
  const opens = opensOf(response, request, overlay, entry);
  const closes =
    overlay.closes === undefined
      ? closesOf(plan, request, entry)
      : memberOf(request, overlay.closes);
  const accepts = (overlay.accepts ?? []).map((name) => own(unit.overlay.statuses, name) ?? 0);
  return {
    plan,
    interface: entry,
    overlay,
    ts: names.ts,
    messages: { request: names.request, response: names.response },
    request,
    response,
    status,
    accepts,
    opens,
    closes,
    file: `${entry.folder}/${names.file}.ts`,
    inPipes: plan.params.filter((param) => param.isIn && isPipe(param)),
    outPipes: plan.params.filter((param) => param.isOut && isPipe(param)),
    result: resultOf(response, status, accepts, opens, closes),
  };
}

function asRaw(param: ParamPlan): { wire: string; type: WireType; place: ParamPlan["place"] } {
  return { wire: param.name, type: param.type, place: param.place };
}

/** Statuses are numbers from 0 on, as tables and people write them, whatever the sign of their type. */
function unsigned(type: WireType): WireType {
  if (type.kind === "pointer" && type.id === "none")
    return { ...type, target: unsigned(type.target) };
  return type.kind === "primitive" && type.name === "i32" ? { ...type, name: "u32" } : type;
}

function isPipe(param: ParamPlan): boolean {
  return throughSilent(param.type).kind === "pipe";
}

/** A member's name in a record, by the wire's; null for what is derived or not there. */
function memberOf(record: RecordModel, wire: string): string | null {
  const slot = record.byWire.get(wire === "return" ? returnValue : wire);
  return slot?.role.kind === "member" ? slot.role.name : null;
}

function statusMembers(response: RecordModel, stated: readonly string[] | undefined): string[] {
  if (stated !== undefined) {
    return stated.map((wire) => statusMember(response, wire)).filter((name) => name !== null);
  }
  const errors = response.slots.filter((slot) => {
    const type = throughSilent(slot.type);
    return type.kind === "primitive" && type.name === "error" && slot.role.kind === "member";
  });
  const order = [
    ...errors.filter((slot) => slot.wire === returnValue),
    ...errors.filter((slot) => slot.wire !== returnValue),
  ];
  return order.map((slot) => memberOf(response, slot.wire)).filter((name) => name !== null);
}

/** A stated status that the operation has as an integer. */
function statusMember(response: RecordModel, wire: string): string | null {
  const slot = response.byWire.get(wire === "return" ? returnValue : wire);
  const type = slot === undefined ? null : throughSilent(slot.type);
  return type?.kind === "primitive" && isInteger(type.name) ? memberOf(response, wire) : null;
}

function handleType(
  slot: Slot | undefined,
  entry: InterfaceEntry,
): { name: string; close: string | undefined } | null {
  const type = slot === undefined ? null : throughSilent(slot.type);
  const plan = type?.kind === "named" ? entry.unit.plan.types[type.name] : undefined;
  return plan?.kind === "contextHandle"
    ? { name: plan.name, close: typeOverlay(plan, entry.unit.overlay).close }
    : null;
}

export function isHandle(slot: Slot, entry: InterfaceEntry): boolean {
  return handleType(slot, entry) !== null;
}

function opensOf(
  response: RecordModel,
  request: RecordModel,
  overlay: OperationOverlay,
  entry: InterfaceEntry,
): OperationEntry["opens"] {
  if (overlay.opens === false) return null;
  const close = (name: string): string | null => {
    const plan = entry.plan.operations.find((operation) => operation.name === name);
    return plan === undefined ? null : (entry.names.get(plan.opnum)?.ts ?? null);
  };
  if (overlay.opens !== undefined) {
    const handle = memberOf(response, overlay.opens.handle);
    const closer = close(overlay.opens.close);
    return handle === null || closer === null ? null : { handle, close: closer };
  }
  for (const slot of response.slots) {
    const closer = close(handleType(slot, entry)?.close ?? "");
    if (closer === null || request.byWire.has(slot.wire) || slot.role.kind !== "member") continue;
    return { handle: slot.role.name, close: closer };
  }
  return null;
}

/** An operation that a handle's type names as its close takes the one handle of this type, or of any type. */
function closesOf(plan: OperationPlan, request: RecordModel, entry: InterfaceEntry): string | null {
  const { unit } = entry;
  const pairs = Object.values(entry.overlay.operations ?? {}).map(({ opens }) =>
    opens === false ? undefined : opens?.close,
  );
  const isPair = pairs.some((close) => close === plan.name);
  const closed = Object.values(unit.plan.types).map(
    (type) => typeOverlay(type, unit.overlay).close,
  );
  const isNamed = closed.includes(plan.name);
  for (const slot of request.slots) {
    const type = handleType(slot, entry);
    if (type === null) continue;
    const fits = type.close === plan.name || (type.name === anyHandle && isNamed);
    if (fits || isPair) return memberOf(request, slot.wire);
  }
  return null;
}

function resultOf(
  response: RecordModel,
  status: readonly string[],
  accepts: readonly number[],
  opens: OperationEntry["opens"],
  closes: string | null,
): OperationEntry["result"] {
  const folded = accepts.length > 0 ? status.slice(1) : status;
  const left = response.slots.filter(
    ({ role }) => role.kind === "member" && !folded.includes(role.name) && role.name !== closes,
  );
  const names = left.map(({ role }) => (role.kind === "member" ? role.name : ""));
  if (opens !== null && names.length === 1 && names[0] === opens.handle)
    return { kind: "handle", slot: left[0]! };
  return { kind: "members", names };
}
