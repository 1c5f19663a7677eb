/** Every rule of this package, for documentation and tests. */
import type { DiagnosticRule } from "@msrpc/idl";
import * as rules from "./rules.ts";

export const codegenRules: readonly DiagnosticRule<string>[] = Object.values(rules);
