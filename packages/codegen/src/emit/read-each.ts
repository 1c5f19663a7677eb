/** Lists of what the elements of an array have, to be held against a field that stands behind the array. */
import type { PointerType } from "@msrpc/wire";
import type { Block } from "../print/block.ts";
import type { Scope } from "./context.ts";
import type { Check } from "./read-types.ts";

/** `const sizes: (number | null)[] = [];` */
export function declaration(list: string, check: Check): string {
  return `const ${list}: ${check.kind === "size" ? "(number | null)[]" : "number[]"} = [];`;
}

/** Puts what a check finds in one value, that may be NULL, on a list; gives the list's name. */
export function collect(
  out: Block,
  check: Check,
  value: string,
  nullable: PointerType | null,
  scope: Scope,
): string {
  const list = scope.fresh(`${check.kind}s`);
  const found = check.found(value);
  const isCounted = check.kind === "size" && nullable?.mayBeNullWithCount !== true;
  if (check.isList === true) out.add(`for (const found of ${found}) ${list}.push(found);`);
  else if (nullable === null) out.add(`${list}.push(${found});`);
  else if (isCounted) out.add(`${list}.push(${value} === null ? null : ${found});`);
  else out.when(`${value} !== null`, (inner) => inner.add(`${list}.push(${found});`));
  return list;
}
