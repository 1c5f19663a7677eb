/** Values of the plan's interpreter, keyed by IDL names, as values of the generated code, and back. */
import { formatUuid, parseUuid } from "@msrpc/wire";
import type { ArmPlan, StructValue, UnionPlan, UnionValue, Value, WireType } from "@msrpc/wire";
import { isBoxed } from "../emit/context.ts";
import type { Unit } from "../model/input.ts";
import { returnValue, type RecordModel, type Slot } from "../model/record.ts";
import type { Registry } from "../model/registry.ts";
import {
  asSent,
  elementOf,
  isBig,
  isOctets,
  isText,
  presentationOf,
  throughSilent,
  typeOf,
} from "../model/wire-types.ts";
import type { As } from "../overlay/overlay.ts";

/** Makes the run-time's context handle, which this package doesn't know. */
export type MakeHandle = (uuid: string, attributes: number) => object;

/** The presentation that an overlay names. */
export type FindPresentation = (as: As) => {
  toWire(value: unknown): unknown;
  fromWire(value: unknown): unknown;
};

type Members = Record<string, unknown>;

export class Converter {
  readonly #registry: Registry;
  readonly #unit: Unit;
  readonly #handle: MakeHandle;
  readonly #presentation: FindPresentation;
  /** Structures already converted: full pointers may lead back to them. */
  readonly #known = new Map<object, object>();

  constructor(registry: Registry, unit: Unit, handle: MakeHandle, presentation: FindPresentation) {
    this.#registry = registry;
    this.#unit = unit;
    this.#handle = handle;
    this.#presentation = presentation;
  }

  /** Members of a message or structure: what is derived is left out. */
  toMembers(record: RecordModel, value: StructValue, into: Members = {}): Members {
    for (const slot of record.slots) {
      if (slot.role.kind === "member")
        into[slot.role.name] = this.#to(slot.type, value[wireName(slot)] ?? null);
    }
    return into;
  }

  /** Fields of a message or structure: what is derived is computed. */
  toFields(record: RecordModel, members: Members, into: StructValue = {}): StructValue {
    for (const slot of record.slots) {
      const { role } = slot;
      if (role.kind === "member") into[wireName(slot)] = this.#from(slot.type, members[role.name]);
      else if (role.kind === "ignored") into[slot.wire] = null;
      else into[slot.wire] = this.#derived(slot, record, members);
    }
    return into;
  }

  #derived(slot: Slot, record: RecordModel, members: Members): Value {
    if (slot.role.kind !== "count" && slot.role.kind !== "tag")
      throw new Error(`${slot.wire} is not derived`);
    const source = record.byWire.get(slot.role.source)!;
    const shown = source.role.kind === "member" ? members[source.role.name] : null;
    const value = this.#sent(throughSilent(source.type), shown);
    if (slot.role.kind === "tag") return asType(slot.type, Number(tagOf(value as Members)));
    const length = (value as { readonly length: number } | null)?.length ?? 0;
    return asType(slot.type, slot.role.inversion.solve(length));
  }

  /** What is sent for the value of a derived count's array or tag's union. */
  #sent(type: WireType, shown: unknown): unknown {
    const at = type.kind === "pointer" ? throughSilent(type.target) : type;
    const as = presentationOf(at);
    return as === null || shown === null ? shown : this.#presentation(as).toWire(shown);
  }

  #to(type: WireType, value: Value): unknown {
    const as = presentationOf(type);
    if (as !== null) return this.#presentation(as).fromWire(this.#to(asSent(type), value));
    switch (type.kind) {
      case "named":
        return this.#toNamed(type.name, value);
      case "union":
        return this.#toUnion(
          typeOf(this.#unit.plan.types, type.name) as UnionPlan,
          value as UnionValue,
        );
      case "pointer": {
        if (value === null && type.class !== "ref") return null;
        const target = this.#to(type.target, value);
        return type.class !== "ref" && isBoxed(type.target) ? { target } : target;
      }
      case "array": {
        if (isOctets(type)) return value;
        if (isText(type)) return String.fromCharCode(...(value as readonly number[]));
        const element = elementOf(type);
        return (value as readonly Value[]).map((item) => this.#to(element, item));
      }
      default:
        return value;
    }
  }

  #toNamed(name: string, value: Value): unknown {
    const { plan, record, isUuid } = this.#registry.entry(this.#unit, name);
    if (plan.kind === "enum" || value === null) return value;
    if (plan.kind === "union") return this.#toUnion(plan, value as UnionValue);
    if (plan.kind === "contextHandle") {
      const { uuid, attributes } = value as { uuid: string; attributes: number };
      return this.#handle(uuid, attributes);
    }
    if (isUuid) return uuidOf(value as StructValue);
    const known = this.#known.get(value as object);
    if (known !== undefined) return known;
    const members: Members = {};
    this.#known.set(value as object, members);
    return this.toMembers(record!, value as StructValue, members);
  }

  #toUnion(plan: UnionPlan, { tag, value }: UnionValue): unknown {
    const arm = armOf(plan, tag);
    const head = arm.isDefault ? { type: "default", tag } : { type: tag };
    return arm.field === null ? head : { ...head, value: this.#to(arm.field.type, value) };
  }

  #from(type: WireType, value: unknown): Value {
    const as = presentationOf(type);
    if (as !== null) return this.#from(asSent(type), this.#presentation(as).toWire(value));
    switch (type.kind) {
      case "named":
        return this.#fromNamed(type.name, value);
      case "union":
        return this.#fromUnion(
          typeOf(this.#unit.plan.types, type.name) as UnionPlan,
          value as Members,
        );
      case "pointer": {
        if (value === null && type.class !== "ref") return null;
        const isBox = type.class !== "ref" && isBoxed(type.target);
        return this.#from(type.target, isBox ? (value as Members)["target"] : value);
      }
      case "array": {
        if (isOctets(type)) return value as Uint8Array;
        if (isText(type))
          return Array.from({ length: (value as string).length }, (_, i) =>
            (value as string).charCodeAt(i),
          );
        const element = elementOf(type);
        return (value as readonly unknown[]).map((item) => this.#from(element, item));
      }
      default:
        return value as Value;
    }
  }

  #fromNamed(name: string, value: unknown): Value {
    const { plan, record, isUuid } = this.#registry.entry(this.#unit, name);
    if (plan.kind === "enum" || value === null) return value as Value;
    if (plan.kind === "union") return this.#fromUnion(plan, value as Members);
    if (plan.kind === "contextHandle") {
      const { uuid, attributes } = value as { uuid: string; attributes: number };
      return { attributes, uuid };
    }
    if (isUuid) return structOf(value as string, record!);
    const known = this.#known.get(value as object);
    if (known !== undefined) return known as StructValue;
    const fields: StructValue = {};
    this.#known.set(value as object, fields);
    return this.toFields(record!, value as Members, fields);
  }

  #fromUnion(plan: UnionPlan, value: Members): UnionValue {
    const tag = tagOf(value);
    const { field } = armOf(plan, tag);
    return {
      tag,
      arm: field?.name ?? null,
      value: field === null ? null : this.#from(field.type, value["value"]),
    };
  }
}

/** A number as the interpreter has one of the type. */
function asType(type: WireType, number: number): Value {
  const shown = throughSilent(type);
  if (shown.kind !== "primitive") return number;
  if (shown.name === "boolean") return number !== 0;
  return isBig(shown.name) ? BigInt(number) : number;
}

/** The interpreter calls the return value `return`. */
function wireName(slot: Slot): string {
  return slot.wire === returnValue ? "return" : slot.wire;
}

function tagOf(value: Members): UnionValue["tag"] {
  return (value["type"] === "default" ? value["tag"] : value["type"]) as UnionValue["tag"];
}

function armOf(plan: UnionPlan, tag: UnionValue["tag"]): ArmPlan {
  const label = String(BigInt(tag));
  const arm =
    plan.arms.find((one) => one.labels.includes(label)) ?? plan.arms.find((one) => one.isDefault);
  if (arm === undefined) throw new RangeError(`${plan.name} has no arm for ${tag}`);
  return arm;
}

/** Text of a structure with the fields of a UUID, in their order. */
function uuidOf(value: StructValue): string {
  const [low, middle, high, rest] = Object.values(value);
  const [first = 0, second = 0, third = 0] = [low, middle, high].map(Number);
  return formatUuid({ low: first, middle: second, high: third, rest: rest as Uint8Array });
}

function structOf(text: string, record: RecordModel): StructValue {
  const parts = parseUuid(text);
  if (parts === null) throw new TypeError(`${text} is no UUID`);
  const { low, middle, high, rest } = parts;
  const values: Value[] = [low, middle, high, rest];
  return Object.fromEntries(record.slots.map((slot, i) => [slot.wire, values[i]!]));
}
