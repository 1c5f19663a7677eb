/** Reads the stub of an operation, or a value of a type, by walking the plan. */
import type { OperationPlan, ParamPlan, WirePlan, WireType } from "../plan.ts";
import { decodeType } from "./decode-type.ts";
import type { DecodePlace, Decoder } from "./decoder.ts";
import { type Scope, emptyScope } from "./evaluate.ts";
import { InterpretError } from "./fault.ts";
import { type InterpretOptions, settingsOf } from "./options.ts";
import { Reader } from "./reader.ts";
import { type DecodedNode, TreeBuilder } from "./tree.ts";
import { type StructValue, type Value, member, resultName } from "./value.ts";

/** `in`: the request. `out`: the response. */
export type Direction = "in" | "out";

export interface Decoded<T extends Value = Value> {
  /** What was read, up to the fault if there is one. */
  readonly value: T;
  readonly tree: DecodedNode;
  readonly fault: InterpretError | null;
  /** Bytes behind the last one that belongs to anything. */
  readonly trailing: number;
}

/**
 * The parameters that a stub holds, with the result as `return`.
 *
 * Counts in a response that are parameters of the request are checked where `request`, the value of the
 * call's request, is given.
 */
export function decodeStub(
  plan: Pick<WirePlan, "types">,
  operation: OperationPlan,
  direction: Direction,
  bytes: Uint8Array,
  options: InterpretOptions & { readonly request?: StructValue } = {},
): Decoded<StructValue> {
  const value: StructValue = {};
  const scope: Scope = (name) =>
    Object.hasOwn(value, name) ? value[name] : member(options.request, name);
  const decoded = decodeWith(plan, bytes, options, value, (decoder) => {
    for (const { name, type } of stubParts(operation, direction)) {
      decodeType(decoder, type, topPlace(name, scope), (found) => (value[name] = found));
    }
  });
  if (decoded.fault) decoded.fault.operation = operation.name;
  return decoded;
}

/** A value of a named type, as a parameter of this type stands in a stub. */
export function decodeValue(
  plan: Pick<WirePlan, "types">,
  type: WireType,
  bytes: Uint8Array,
  options: InterpretOptions = {},
): Decoded {
  const holder: StructValue = {};
  const decoded = decodeWith(plan, bytes, options, holder, (decoder) => {
    decodeType(decoder, type, topPlace("", emptyScope), (found) => (holder["value"] = found));
  });
  return { ...decoded, value: holder["value"] ?? null };
}

/** What stands in a stub, in order: pipes behind the rest in a request, before it in a response. */
export function stubParts(
  operation: OperationPlan,
  direction: Direction,
): Pick<ParamPlan, "name" | "type">[] {
  const sent = operation.params.filter((param) => (direction === "in" ? param.isIn : param.isOut));
  const pipes = sent.filter((param) => param.type.kind === "pipe");
  const others = sent.filter((param) => param.type.kind !== "pipe");
  if (direction === "in") return [...others, ...pipes];
  const result = operation.result ? [{ name: resultName, type: operation.result }] : [];
  return [...pipes, ...others, ...result];
}

function topPlace(path: string, scope: Scope): DecodePlace {
  return { path, scope, deferred: null, counts: null, isElement: false };
}

function decodeWith<T extends Value>(
  plan: Pick<WirePlan, "types">,
  bytes: Uint8Array,
  options: InterpretOptions,
  value: T,
  read: (decoder: Decoder) => void,
): Decoded<T> {
  const settings = settingsOf(options);
  const reader = new Reader(bytes, settings);
  const tree = new TreeBuilder(settings.maxNodes);
  const decoder: Decoder = {
    decode: (type, place, set) => decodeType(decoder, type, place, set),
    reader,
    types: plan.types,
    settings,
    tree,
    checks: [],
    referents: new Map(),
    depth: 0,
  };
  let fault: InterpretError | null = null;
  try {
    read(decoder);
    for (const check of decoder.checks) check();
  } catch (error) {
    if (!(error instanceof InterpretError)) throw error;
    fault = error;
  }
  const trailing = fault ? 0 : reader.remaining;
  return { value, tree: tree.finish(reader.offset), fault, trailing };
}
