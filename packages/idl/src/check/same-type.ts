/** Whether two types say the same, name by name and part by part. */
import type { Type, TypeSymbol } from "../program.ts";
import { type Context, isUnknown } from "./context.ts";
import { withoutTypedefs } from "./types.ts";

/** Compares with a list of pairs still to do, so that no nesting is too deep and cycles end. */
export function isSameType(context: Context, a: Type, b: Type): boolean {
  const pending: [Type, Type][] = [[a, b]];
  const seen = new Map<object, Set<object>>();
  for (let pair = pending.pop(); pair; pair = pending.pop()) {
    const x = withoutTypedefs(context, pair[0]);
    const y = withoutTypedefs(context, pair[1]);
    if (x === y || isUnknown(x) || isUnknown(y)) continue;
    if (x.kind === "pointer" && y.kind === "pointer") pending.push([x.target, y.target]);
    else if (x.kind === "array" && y.kind === "array") {
      if (!isSameBound(x.bound, y.bound)) return false;
      pending.push([x.element, y.element]);
    } else if ("element" in x && "element" in y && x.kind === y.kind) {
      pending.push([x.element, y.element]);
    } else if ("symbol" in x && "symbol" in y) {
      if (x.symbol === y.symbol) continue;
      if (x.symbol.kind !== y.symbol.kind) return false;
      const known = seen.get(x.symbol) ?? new Set();
      seen.set(x.symbol, known);
      if (known.has(y.symbol)) continue;
      known.add(y.symbol);
      const parts = partsOf(x.symbol, y.symbol);
      if (!parts) return false;
      for (const part of parts) pending.push(part);
    } else if (x.kind === "base" && y.kind === "base") {
      if (spelling(x.name) !== spelling(y.name)) return false;
    } else if (x.kind !== y.kind) return false;
  }
  return true;
}

/** `int` and `long` are one type in IDL; so are the names of an unsigned byte-sized character. */
function spelling(name: string): string {
  const plain = name.replace(/\bint$/, "long");
  if (plain === "wchar_t") return "unsigned short";
  if (plain === "error_status_t") return "unsigned long";
  return /^(unsigned char|char|byte|boolean|small|unsigned small)$/.test(plain) ? "char" : plain;
}

function isSameBound(
  a: { readonly kind: string; readonly count?: number },
  b: { readonly kind: string; readonly count?: number },
): boolean {
  return a.kind === b.kind && a.count === b.count;
}

type Symbols = Extract<Type, { readonly symbol: unknown }>["symbol"];

/** The pairs of types that must be the same for two symbols to be; null where they differ at once. */
function partsOf(x: Symbols, y: Symbols): [Type, Type][] | null {
  if (x.kind === "interface" || y.kind === "interface") return x.name === y.name ? [] : null;
  if (x.kind === "typedef" || y.kind === "typedef") return null;
  if (!x.isComplete || !y.isComplete) return x.name === y.name ? [] : null;
  if (x.kind === "struct" && y.kind === "struct") {
    if (x.fields.length !== y.fields.length) return null;
    return x.fields.map((field, i) => [field.type, y.fields[i]!.type]);
  }
  if (x.kind === "enum" && y.kind === "enum") {
    const same = x.members.every(
      ({ name, value }, i) => y.members[i]?.name === name && y.members[i].value === value,
    );
    return same && x.members.length === y.members.length ? [] : null;
  }
  if (x.kind !== "union" || y.kind !== "union" || x.arms.length !== y.arms.length) return null;
  const pairs: [Type, Type][] = [];
  for (const [i, { labels, isDefault, field }] of x.arms.entries()) {
    const other = y.arms[i]!;
    if (isDefault !== other.isDefault || String(labels) !== String(other.labels)) return null;
    if (!field !== !other.field) return null;
    if (field && other.field) pairs.push([field.type, other.field.type]);
  }
  return pairs;
}

/** Whether two symbols of one name give it the same meaning. */
export function isSameSymbol(context: Context, a: TypeSymbol, b: TypeSymbol): boolean {
  return isSameType(context, typeOf(a), typeOf(b));
}

function typeOf(symbol: TypeSymbol): Type {
  switch (symbol.kind) {
    case "typedef":
      return { kind: "typedef", symbol };
    case "struct":
      return { kind: "struct", symbol };
    case "union":
      return { kind: "union", symbol };
    case "enum":
      return { kind: "enum", symbol };
  }
}
