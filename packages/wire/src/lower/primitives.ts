/** Base types of IDL as primitives of the plan. */
import type { BaseTypeName, Type } from "@msrpc/idl";
import type { PrimitiveName } from "../plan.ts";

/** C706 4.2.9, [MS-RPCE] 2.2.4.1. `int` is `long`, `char` is unsigned, `wchar_t` is an unsigned short. */
export const primitives: Readonly<Partial<Record<BaseTypeName, PrimitiveName>>> = {
  byte: "byte",
  boolean: "boolean",
  char: "char8",
  "unsigned char": "char8",
  "signed char": "i8",
  wchar_t: "wchar",
  small: "i8",
  "unsigned small": "u8",
  short: "i16",
  "unsigned short": "u16",
  long: "i32",
  "unsigned long": "u32",
  int: "i32",
  "unsigned int": "u32",
  hyper: "i64",
  "unsigned hyper": "u64",
  __int3264: "i3264",
  "unsigned __int3264": "u3264",
  float: "f32",
  double: "f64",
  error_status_t: "error",
  ISO_LATIN_1: "byte",
};

/** Bytes in the structures that C706 4.2.9.2 gives to international characters. */
export const internationalBytes: Readonly<Partial<Record<BaseTypeName, number>>> = {
  ISO_MULTI_LINGUAL: 2,
  ISO_UCS: 4,
};

/** The base type that a type is, through typedefs; null for anything else. */
export function baseOf(type: Type): BaseTypeName | null {
  if (type.kind === "typedef") return baseOf(type.symbol.type);
  return type.kind === "base" ? type.name : null;
}

/**
 * The character that a [string] of this type is made of; null where it is none. Besides characters,
 * integers of their widths are taken, since documents spell characters so (`unsigned short *`).
 */
export function characterOf(type: Type): "char8" | "wchar" | null {
  switch (baseOf(type)) {
    case "byte":
    case "char":
    case "unsigned char":
    case "signed char":
    case "small":
    case "unsigned small":
    case "ISO_LATIN_1":
      return "char8";
    case "wchar_t":
    case "short":
    case "unsigned short":
      return "wchar";
    default:
      return null;
  }
}
