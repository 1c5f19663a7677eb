/** Every rule of this package, for documentation and tests. */
import type { DiagnosticRule } from "@msrpc/idl";
import * as rules from "./rules.ts";

export const wireRules: readonly DiagnosticRule<string>[] = Object.values(rules);
