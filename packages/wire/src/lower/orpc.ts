/** What calls of object interfaces carry in front of their parameters ([MS-DCOM] 2.2.13). */
import type { InterfaceSymbol, TypedefSymbol } from "@msrpc/idl";
import * as rules from "../catalogue/rules.ts";
import type { ParamPlan } from "../plan.ts";
import { type Lowering, refuse } from "./context.ts";
import { tagOf } from "./names.ts";
import { nothingPending } from "./pending.ts";

const headers = [
  { name: "orpcThis", type: "ORPCTHIS", isIn: true },
  { name: "orpcThat", type: "ORPCTHAT", isIn: false },
];

/** The implicit parameters of an interface's operations; null, with a diagnostic, where nothing declares them. */
export function orpcParams(lowering: Lowering, owner: InterfaceSymbol): ParamPlan[] | null {
  if (owner.form !== "object") return [];
  const params: ParamPlan[] = [];
  for (const { name, type, isIn } of headers) {
    const symbol = structureNamed(lowering, type);
    if (symbol === undefined) {
      return refuse(lowering, rules.orpcHeaderMissing, owner.span, { name: owner.name, type });
    }
    const site = { owner: type, span: owner.span, pointerDefault: "unique", siblings: [] } as const;
    const used = lowering.use(site, { kind: "typedef", symbol }, nothingPending, "parameter");
    if (!used) return null;
    const place = lowering.place(symbol.span);
    params.push({ name, isIn, isOut: !isIn, isImplicit: true, type: used, place });
  }
  return params;
}

/** The first declared: a file's own goes before the built-in one. */
function structureNamed({ program }: Lowering, name: string): TypedefSymbol | undefined {
  return program.types.find(
    (symbol): symbol is TypedefSymbol =>
      symbol.kind === "typedef" && symbol.name === name && tagOf(symbol.type)?.kind === "struct",
  );
}
