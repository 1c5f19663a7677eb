/** Writes the stub of an operation, or a value of a type, by walking the plan. */
import type { OperationPlan, WirePlan, WireType } from "../plan.ts";
import { type Direction, stubParts } from "./decode.ts";
import { encodeType } from "./encode-type.ts";
import { type EncodePlace, type Encoder, wrong } from "./encoder.ts";
import { type Scope, emptyScope } from "./evaluate.ts";
import { InterpretError } from "./fault.ts";
import { type InterpretOptions, settingsOf } from "./options.ts";
import { type StructValue, type Value, member } from "./value.ts";
import { Writer } from "./writer.ts";

/**
 * The stub that holds these parameters, with the result as `return`. Counts that are parameters of the request
 * are looked up in `request`, the value of the call's request, when writing a response.
 *
 * @throws {InterpretError} A value that is missing, is not of its type, or is at odds with its count.
 */
export function encodeStub(
  plan: Pick<WirePlan, "types">,
  operation: OperationPlan,
  direction: Direction,
  value: StructValue,
  options: InterpretOptions & { readonly request?: StructValue } = {},
): Uint8Array {
  const encoder = startEncoding(plan, options);
  const scope: Scope = (name) =>
    Object.hasOwn(value, name) ? value[name] : member(options.request, name);
  try {
    for (const { name, type } of stubParts(operation, direction)) {
      const place = topPlace(name, scope);
      const part = member(value, name);
      if (part === undefined) throw wrong(encoder, place, "a value is missing");
      encodeType(encoder, type, place, part);
    }
  } catch (error) {
    if (error instanceof InterpretError) error.operation = operation.name;
    throw error;
  }
  return encoder.writer.finish();
}

/**
 * A value of a type, as a parameter of this type stands in a stub.
 *
 * @throws {InterpretError} As `encodeStub`.
 */
export function encodeValue(
  plan: Pick<WirePlan, "types">,
  type: WireType,
  value: Value,
  options: InterpretOptions = {},
): Uint8Array {
  const encoder = startEncoding(plan, options);
  encodeType(encoder, type, topPlace("", emptyScope), value);
  return encoder.writer.finish();
}

function startEncoding(plan: Pick<WirePlan, "types">, options: InterpretOptions): Encoder {
  const settings = settingsOf(options);
  const encoder: Encoder = {
    encode: (type, place, value) => encodeType(encoder, type, place, value),
    writer: new Writer(settings),
    types: plan.types,
    settings,
    nextReferent: 0x20000n,
    referents: new Map(),
  };
  return encoder;
}

function topPlace(path: string, scope: Scope): EncodePlace {
  return { path, scope, deferred: null, isHoisted: false, isElement: false };
}
