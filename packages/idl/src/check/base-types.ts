/** What is known of the base types: width, sign, kind. */
import type { BaseTypeName } from "../ast.ts";

export interface BaseTypeFacts {
  readonly kind: "integer" | "character" | "boolean" | "byte" | "float" | "none";
  /** In bits as C sees it; 0 for what has no one width. */
  readonly bits: number;
  readonly unsigned: boolean;
}

const facts = (kind: BaseTypeFacts["kind"], bits: number, unsigned = false): BaseTypeFacts => ({
  kind,
  bits,
  unsigned,
});

export const baseTypes: Readonly<Record<BaseTypeName, BaseTypeFacts>> = {
  byte: facts("byte", 8, true),
  boolean: facts("boolean", 8, true),
  char: facts("character", 8, true),
  "signed char": facts("character", 8),
  "unsigned char": facts("character", 8, true),
  wchar_t: facts("character", 16, true),
  small: facts("integer", 8),
  "unsigned small": facts("integer", 8, true),
  short: facts("integer", 16),
  "unsigned short": facts("integer", 16, true),
  long: facts("integer", 32),
  "unsigned long": facts("integer", 32, true),
  int: facts("integer", 32),
  "unsigned int": facts("integer", 32, true),
  hyper: facts("integer", 64),
  "unsigned hyper": facts("integer", 64, true),
  __int3264: facts("integer", 0),
  "unsigned __int3264": facts("integer", 0, true),
  __int128: facts("none", 128),
  float: facts("float", 32),
  double: facts("float", 64),
  void: facts("none", 0),
  handle_t: facts("none", 0),
  error_status_t: facts("integer", 32, true),
  ISO_LATIN_1: facts("character", 8, true),
  ISO_MULTI_LINGUAL: facts("character", 16, true),
  ISO_UCS: facts("character", 32, true),
};
