/** Types and expressions of the plan in words. */
import type { Dimension, Expr, Range, WireType } from "../plan.ts";

/** `DWORD (u32)`, `unique pointer to string of wchar`, `array [EntryCount] of _ENUM_ENTRY`. */
export function typeText(type: WireType): string {
  switch (type.kind) {
    case "primitive": {
      const name = type.alias === undefined ? type.name : `${type.alias} (${type.name})`;
      return name + rangeText(type.range);
    }
    case "named":
      return type.name + rangeText(type.range);
    case "union":
      return `${type.name}, arm by ${exprText(type.switchIs)}`;
    case "pointer":
      return `${type.class} pointer to ${typeText(type.target)}${type.isIgnored ? ", ignored" : ""}`;
    case "array":
      return `array ${type.dimensions.map(dimensionText).join("")} of ${typeText(type.element)}`;
    case "string": {
      const size = type.size ? exprText(type.size) : type.bound;
      return `string${size === null ? "" : ` [${size}]`} of ${type.char}${rangeText(type.range)}`;
    }
    case "pipe":
      return `pipe of ${typeText(type.element)}${rangeText(type.range)}`;
    case "interfacePointer":
      return `object reference${type.interface === null ? "" : ` of ${type.interface}`}`;
  }
}

/** `[size]`, `[size, first first, length]` */
function dimensionText({ size, varying, range }: Dimension): string {
  const max = typeof size === "number" ? String(size) : size ? exprText(size) : "any";
  const first = varying?.first ? `${exprText(varying.first)} on` : null;
  const length = varying?.length ? `${exprText(varying.length)} sent` : null;
  return `[${[max, first, length].filter((part) => part !== null).join(", ")}${rangeText(range)}]`;
}

function rangeText(range: Range | undefined): string {
  return range ? ` in ${range.low}..${range.high}` : "";
}

/** As it would be written in IDL. */
export function exprText(expr: Expr): string {
  switch (expr.op) {
    case "const":
      return expr.value;
    case "field":
      return expr.path.join(".");
    case "deref":
      return `*${operandText(expr.of)}`;
    case "unary":
      return `${expr.operator}${operandText(expr.of)}`;
    case "binary":
      return `${operandText(expr.left)} ${expr.operator} ${operandText(expr.right)}`;
    case "conditional": {
      const { test, then, else: otherwise } = expr;
      return `${operandText(test)} ? ${operandText(then)} : ${operandText(otherwise)}`;
    }
  }
}

function operandText(expr: Expr): string {
  const text = exprText(expr);
  return expr.op === "binary" || expr.op === "conditional" ? `(${text})` : text;
}
