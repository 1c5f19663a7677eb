/** Primitive types by the reader's and writer's methods. */
import type { PrimitiveType } from "@msrpc/wire";

/** The reader's and writer's method for a primitive. */
export function methodOf(type: PrimitiveType): string {
  switch (type.name) {
    case "byte":
    case "char8":
      return "u8";
    case "wchar":
      return "u16";
    case "error":
      return "u32";
    default:
      return type.name;
  }
}
