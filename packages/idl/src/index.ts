export type * from "./ast.ts";
export type * from "./diagnostic.ts";
export type * from "./program.ts";
export * from "./span.ts";
export { nearest } from "./attributes/suggest.ts";
export { diagnose, rule, type DiagnosticRule } from "./catalogue/define.ts";
export { check, type CheckInput, type CheckOptions, type CheckResult } from "./check/index.ts";
export { compile, parse, type Compilation, type CompileOptions } from "./compile.ts";
export { memoryHost, type Host } from "./host.ts";
