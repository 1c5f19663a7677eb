/** The rules of the checker (IDL2xxx), in one list. The themes have a file each. */
export * from "./semantics/arrays.ts";
export * from "./semantics/attributes.ts";
export * from "./semantics/constants.ts";
export * from "./semantics/names.ts";
export * from "./semantics/operations.ts";
export * from "./semantics/unions.ts";
export * from "./semantics/wire.ts";
