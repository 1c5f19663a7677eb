export type * from "./ast.ts";
export type * from "./diagnostic.ts";
export type * from "./program.ts";
export * from "./span.ts";
