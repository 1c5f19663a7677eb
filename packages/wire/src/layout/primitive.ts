/** Widths of primitive types and of enumerations. A primitive aligns as it is wide (C706 14.2.2). */
import type { PrimitiveName } from "../plan.ts";
import { type Syntax, wordSize } from "../syntax.ts";

const widths: Readonly<Record<Exclude<PrimitiveName, "u3264" | "i3264">, 1 | 2 | 4 | 8>> = {
  u8: 1,
  i8: 1,
  byte: 1,
  boolean: 1,
  char8: 1,
  u16: 2,
  i16: 2,
  wchar: 2,
  u32: 4,
  i32: 4,
  f32: 4,
  error: 4,
  u64: 8,
  i64: 8,
  f64: 8,
};

/** Bytes of a primitive. `u3264` and `i3264` are as wide as a word of the syntax. */
export function primitiveSize(name: PrimitiveName, syntax: Syntax): 1 | 2 | 4 | 8 {
  return name === "u3264" || name === "i3264" ? wordSize(syntax) : widths[name];
}

/** Bytes of an enumeration: 2 in NDR 2.0 without [v1_enum], else 4 ([MS-RPCE] 2.2.4.6, 2.2.5.2). */
export function enumSize(isV1: boolean, syntax: Syntax): 2 | 4 {
  return isV1 || syntax === "ndr64" ? 4 : 2;
}

/** Whether arrays of it are bytes to a program: `byte`, `char` and unsigned 8-bit integers. */
export function isByte(name: PrimitiveName): boolean {
  return name === "byte" || name === "char8" || name === "u8";
}
