export type * from "./ast.ts";
export type * from "./diagnostic.ts";
export type * from "./program.ts";
export * from "./span.ts";
export { nearest } from "./attributes/suggest.ts";
export { diagnose, rule, type DiagnosticRule } from "./catalogue/define.ts";
