/** What code that decodes a value needs to know, and what it leaves to check. */
import type { Expr, PointerType, WireType } from "@msrpc/wire";
import type { FieldCode } from "../model/expr.ts";
import type { Block } from "../print/block.ts";
import type { ExprSite } from "./access.ts";

export interface ReadAt {
  /** The wire name; empty for an element, which its loop has named. */
  readonly name: string;
  /** What to call a local variable that holds the value. */
  readonly local: string;
  /** Fields that have been read. */
  readonly fields: FieldCode;
  /** The value of `decided`, carried by the stand-in of the pointer that is being read. */
  readonly decided?: { readonly expr: Expr; readonly code: string } | null;
  /** Max counts that stood before the structure. */
  readonly sizes?: readonly string[];
  readonly isOpen?: boolean;
  /** The block around the `if` that the value is read in. */
  readonly outer?: Block;
}

/** Where expressions stand that are held against what is read. */
export function reading({ name }: { readonly name: string }): ExprSite {
  return { cursor: "r", name };
}

/** Something to hold against a field that may come later on the wire. */
export interface Check {
  readonly expr: Expr;
  /** Of a size: a NULL pointer must have the count 0. */
  readonly kind: "size" | "length" | "first" | "tag";
  /** Of a tag: its union, by name. */
  readonly union?: string;
  /** What the wire has: of the value read, or a local variable. */
  readonly found: (value: string) => string;
  /** `found` is a list with what each element has; of a size it has `null` for a NULL pointer. */
  readonly isList?: true;
  readonly name: string;
}

export interface Read {
  /** An expression, or the name of a local variable that is declared already. */
  readonly code: string;
  readonly checks: readonly Check[];
}

/** The check is one call of `sizeOf`, which takes a NULL pointer as well. */
export function isSizeOf(check: Check, pointer: PointerType): boolean {
  return (
    check.kind === "size" && pointer.mayBeNullWithCount !== true && check.found("v") === "v.length"
  );
}

/** What is found depends on nothing but the value that was read. */
export function isOfValue({ found }: Check): boolean {
  return found("a") !== found("b");
}

/** What an array needs to have done for its elements. */
export interface ElementReader {
  inPlace(out: Block, type: WireType, at: ReadAt): Read;
  deferred(out: Block, type: WireType, code: string, at: ReadAt): Check[];
  settle(
    out: Block,
    checks: readonly Check[],
    value: string,
    nullable: PointerType | null,
    fields: FieldCode,
  ): Check[];
}
