/** Checks a parameter that is sent: its direction against its form. */
import {
  outByValue,
  outNeedsPointer,
  outRefTarget,
  outStringUnsized,
} from "../../catalogue/semantics.ts";
import type { ParamSymbol } from "../../program.ts";
import { isUnknown } from "../context.ts";
import { checkDeclaration } from "./declaration.ts";
import type { Shape } from "./shape.ts";
import { checkElement } from "./structure.ts";
import type { Walk } from "./walk-state.ts";

export function checkParameter(
  walk: Walk,
  param: ParamSymbol,
  neighbours: ReadonlyMap<string, ParamSymbol>,
): void {
  const shape = checkDeclaration(walk, { ...param, place: "parameter", neighbours });
  checkElement(walk, param, shape);
  if (param.isOut) checkOut(walk, param, shape);
}

function checkOut(walk: Walk, param: ParamSymbol, shape: Shape): void {
  const { report } = walk.context;
  const { name, span } = param;
  const { levels, bottom } = shape;
  if (isUnknown(bottom) || bottom.kind === "pipe") return;
  if (shape.attributes.has("context_handle")) {
    const inTypedef = !param.attributes.has("context_handle");
    if (inTypedef && levels.length < 2) {
      report(outNeedsPointer, span, { what: "context handle", name });
    }
  } else if (bottom.kind === "interface") {
    if (levels.length < 2) report(outNeedsPointer, span, { what: "interface pointer", name });
  } else if (levels.length === 0) {
    report(outByValue, span, { name });
  }
  const isSized = ["size_is", "max_is"].some((attribute) => shape.attributes.has(attribute));
  if (shape.attributes.has("string") && !param.isIn && levels.length === 1 && !isSized) {
    if (levels[0]?.bound?.kind !== "fixed") report(outStringUnsized, span, { name });
  }
  const optional = param.attributes.get("unique") ?? param.attributes.get("ptr");
  if (!optional || param.isIn || levels[0]?.kind !== "pointer") return;
  report(outRefTarget, optional.span, { name });
}
