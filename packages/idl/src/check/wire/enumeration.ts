/** Checks an enumeration that is sent: 15 bits must do, unless it is v1_enum. */
import { wideEnumerator } from "../../catalogue/semantics.ts";
import type { EnumSymbol } from "../../program.ts";
import type { Walk } from "./walk-state.ts";

export function checkEnum(walk: Walk, symbol: EnumSymbol): void {
  if (symbol.attributes.has("v1_enum")) return;
  const wide = symbol.members.find(({ value }) => value < 0 || value > 0x7fff);
  if (!wide) return;
  const { name, value, span } = wide;
  walk.context.report(wideEnumerator, span, { name, value, enum: symbol.name });
}
