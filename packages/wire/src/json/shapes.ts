/** Types that people write otherwise than their fields say. */
import type { TypePlan, WireType } from "../plan.ts";
import { isByte } from "../layout/primitive.ts";

/** Whether a structure is a UUID: a 32-bit number, two of 16 bits and eight bytes. */
export function isUuidStruct(plan: TypePlan): boolean {
  if (plan.kind !== "struct") return false;
  const [low, middle, high, rest, more] = plan.fields.map(({ type }) => type);
  return (
    more === undefined && isPrimitive(low, "u32") && isPrimitive(middle, "u16") &&
    isPrimitive(high, "u16") && isEightBytes(rest)
  ); // prettier-ignore
}

function isPrimitive(type: WireType | undefined, name: string): boolean {
  return type?.kind === "primitive" && type.name === name;
}

function isEightBytes(type: WireType | undefined): boolean {
  if (type?.kind !== "array" || type.element.kind !== "primitive") return false;
  const [dimension, more] = type.dimensions;
  return (
    isByte(type.element.name) &&
    more === undefined &&
    dimension?.size === 8 &&
    !dimension.isConformant
  );
}

/** Bytes as hexadecimal digits. */
export function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
