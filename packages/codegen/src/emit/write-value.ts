/** Code that encodes a value: its counts, its part in place, its targets. */
import type {
  ArrayType,
  Expr,
  PointerType,
  PrimitiveType,
  StringType,
  UnionUse,
  WireType,
} from "@msrpc/wire";
import type { FieldCode } from "../model/expr.ts";
import {
  asSent,
  elementsCall,
  hasTargets,
  isOctets,
  isPresented,
  isSameExpr,
  isText,
  sizeMethod,
  sizeExpr,
  throughSilent,
  pointerMethod,
} from "../model/wire-types.ts";
import type { Block } from "../print/block.ts";
import { call, type Doc } from "../print/doc.ts";
import { exprCode, switchCode, switchTag, type ExprSite } from "./access.ts";
import { methodOf } from "./primitive.ts";
import { isBoxed, quote, type Emitter, type Scope } from "./context.ts";

/** A value to write: its code, the name it has in errors, and how sizes that speak of fields are had. */
export interface Place {
  readonly code: string;
  readonly name: string;
  readonly fields: FieldCode;
  /** The expression that the array's own length decides. */
  readonly decided?: Expr | null;
  /** An [in] context handle, which is never NULL. */
  readonly isOpen?: boolean;
}

function writing({ name }: Place): ExprSite {
  return { cursor: "w", name };
}

export class ValueWriter {
  readonly #emitter: Emitter;
  readonly #scope: Scope;

  constructor(emitter: Emitter, scope: Scope) {
    this.#emitter = emitter;
    this.#scope = scope;
  }

  /** All of a value that stands in no structure, union or array. */
  whole(out: Block, type: WireType, at: Place): void {
    const shown = throughSilent(type);
    if (isPresented(shown)) {
      const sent = asSent(shown);
      const isUsedOften = hasTargets(sent, this.#emitter.types);
      return this.whole(out, sent, this.#sent(out, shown, at, "toWire", isUsedOften));
    }
    if (shown.kind === "named" && this.#emitter.planOf(shown.name).kind === "struct") {
      this.#struct(out, shown.name, at, "");
      return;
    }
    if (shown.kind === "string") return this.#string(out, shown, at);
    this.counts(out, shown, at);
    this.inPlace(out, shown, at);
    this.targets(out, shown, at);
  }

  /** Max counts of a conformant array; in a structure they are hoisted. */
  counts(out: Block, type: WireType, at: Place): void {
    if (isPresented(type)) {
      const sent = asSent(type);
      if (needsCounts(sent, this.#emitter))
        this.counts(out, sent, this.#sent(out, type, at, "wireOf"));
    } else if (type.kind === "array") {
      type.dimensions.forEach((dimension, depth) => {
        const size = this.sizeCode(type, depth, at);
        const { range } = dimension;
        if (range !== undefined)
          out.add([call("w.range", size, range.low, range.high, quote(at.name)), ";"]);
        if (dimension.isConformant) out.add([call("w.count", size, quote(at.name)), ";"]);
      });
    } else if (type.kind === "string" && type.isConformant) {
      out.add([call("w.count", this.#stringSize(type, at), quote(at.name)), ";"]);
    } else if (type.kind === "named") {
      const plan = this.#emitter.planOf(type.name);
      if (plan.kind === "struct" && plan.hoisted > 0) {
        out.add([call(this.#emitter.function("write", type.name, "Counts"), "w", at.code), ";"]);
      }
    }
  }

  /** The part in place, without counts that were hoisted. */
  inPlace(out: Block, type: WireType, at: Place): void {
    const name = quote(at.name);
    if (isPresented(type)) {
      const sent = asSent(type);
      const method = this.#isSplit(sent) ? "wireOf" : "toWire";
      return this.inPlace(out, sent, this.#sent(out, type, at, method));
    }
    switch (type.kind) {
      case "primitive":
        return out.add([this.primitive(type, at.code, name), ";"]);
      case "named":
        return this.#named(out, type, at);
      case "union":
        return this.#union(out, type, at);
      case "pointer":
        return this.#pointer(out, type, at);
      case "array":
        return this.#elements(out, type, at);
      case "string": {
        const size = type.bound === null ? this.#stringSize(type, at) : String(type.bound);
        const method = type.char === "wchar" ? "w.wstringIn" : "w.stringIn";
        return out.add([call(method, at.code, size, name), ";"]);
      }
      case "interfacePointer":
        return out.add([call("w.interfacePointer", at.code, name), ";"]);
      case "pipe":
        return;
    }
  }

  /** A value of the type is written at several places of its message. */
  #isSplit(type: WireType): boolean {
    return hasTargets(type, this.#emitter.types) || needsCounts(type, this.#emitter);
  }

  /** The place of the value that is sent for a presented one: converted where it is used, if that is once. */
  #sent(
    out: Block,
    type: WireType,
    at: Place,
    method: "toWire" | "wireOf",
    isUsedOften = false,
  ): Place {
    const presentation = this.#emitter.presentation(type);
    if (presentation === null) return at;
    const isOnce =
      !isUsedOften &&
      (type.kind === "primitive" ||
        type.kind === "named" ||
        (type.kind === "union" && at.name !== ""));
    const name = isOnce && this.#emitter.isEntered(type) ? "" : at.name;
    const code = `w.${method}(${presentation}, ${at.code}, ${quote(name)})`;
    if (isOnce && out.margin + code.length < 60) return { ...at, code };
    const local = this.#scope.fresh("wire");
    out.add([`const ${local} = `, call(`w.${method}`, presentation, at.code, quote(at.name)), ";"]);
    return { ...at, code: local };
  }

  primitive(type: PrimitiveType, code: string, name: string): Doc {
    const big = ["u64", "i64", "u3264", "i3264"].includes(type.name) ? "n" : "";
    const { range } = type;
    const value =
      range === undefined ? code : call("w.range", code, range.low + big, range.high + big, name);
    return call(`w.${methodOf(type)}`, value, name);
  }

  /** What embedded pointers point at. */
  targets(out: Block, type: WireType, at: Place): void {
    if (!hasTargets(type, this.#emitter.types)) return;
    if (isPresented(type))
      return this.targets(out, asSent(type), this.#sent(out, type, at, "wireOf"));
    if (type.kind === "named" || type.kind === "union") {
      out.add([call("w.enter", quote(at.name)), ";"]);
      out.add([call(this.#emitter.function("write", type.name, "Targets"), "w", at.code), ";"]);
      out.add("w.leave();");
    } else if (type.kind === "array") {
      this.#each(out, type, at, (inner, item) => this.#elementTargets(inner, type.element, item));
    } else if (type.kind === "pointer") {
      this.#target(out, type, at);
    }
  }

  /** Targets of an element, whose name the loop has said. */
  #elementTargets(out: Block, type: WireType, at: Place): void {
    if (isPresented(type))
      return this.#elementTargets(out, asSent(type), this.#sent(out, type, at, "wireOf"));
    if (type.kind === "named" || type.kind === "union") {
      out.add([call(this.#emitter.function("write", type.name, "Targets"), "w", at.code), ";"]);
    } else {
      this.targets(out, type, at);
    }
  }

  #target(out: Block, type: PointerType, at: Place): void {
    const boxed = type.class !== "ref" && isBoxed(type.target);
    const inner: Place = boxed ? { ...at, code: `${at.code}.target` } : at;
    if (type.class === "ref") return this.whole(out, type.target, at);
    const test = type.class === "full" ? ` && w.isFirst(${at.code})` : "";
    out.when(`${at.code} !== null${test}`, (body) => this.whole(body, type.target, inner));
  }

  #named(out: Block, type: Extract<WireType, { kind: "named" }>, at: Place): void {
    const { plan, isUuid } = this.#emitter.entry(type.name);
    const name = quote(at.name);
    if (isUuid) return out.add([call("w.uuid", at.code, name), ";"]);
    if (plan.kind === "enum") {
      const { range } = type;
      const value =
        range === undefined ? at.code : call("w.range", at.code, range.low, range.high, name);
      return out.add([call(plan.isV1 ? "w.enum32" : "w.enum16", value, name), ";"]);
    }
    if (plan.kind === "contextHandle") {
      return out.add([
        call(at.isOpen === true ? "w.openHandle" : "w.contextHandle", at.code, name),
        ";",
      ]);
    }
    const part = plan.kind === "struct" && plan.hoisted > 0 ? "Body" : "";
    this.#enter(out, at, () => {
      out.add([call(this.#emitter.function("write", type.name, part), "w", at.code), ";"]);
    });
  }

  #union(out: Block, type: UnionUse, at: Place): void {
    this.#enter(out, at, () => {
      out.add([call(this.#emitter.function("write", type.name, ""), "w", at.code), ";"]);
    });
    if (at.name !== "") return;
    // Elements are held against switch_is here, other unions once for all of their record.
    const { types } = this.#emitter;
    const expected = switchCode(type.name, type.switchIs, at.fields, types, writing(at));
    const tag = switchTag(type.name, at.code, this.#emitter);
    if (expected !== null) out.add([call("w.switchIs", tag, expected, quote("tag")), ";"]);
  }

  /** A structure as a parameter or target. */
  #struct(out: Block, name: string, at: Place, part: "" | "Body"): void {
    const { plan, isUuid } = this.#emitter.entry(name);
    if (isUuid) return out.add([call("w.uuid", at.code, quote(at.name)), ";"]);
    this.#enter(out, at, () => {
      out.add([call(this.#emitter.function("write", name, part), "w", at.code), ";"]);
      if (plan.kind === "struct" && plan.hasDeferred) {
        out.add([call(this.#emitter.function("write", name, "Targets"), "w", at.code), ";"]);
      }
    });
  }

  /** Elements have their name from the loop already. */
  #enter(out: Block, at: Place, body: () => void): void {
    if (at.name !== "") out.add([call("w.enter", quote(at.name)), ";"]);
    body();
    if (at.name !== "") out.add("w.leave();");
  }

  #pointer(out: Block, type: PointerType, at: Place): void {
    const name = quote(at.name);
    if (type.id === "none") return;
    if (type.isIgnored === true) return out.add([call("w.pointer", "null", name), ";"]);
    out.add([call(`w.${pointerMethod(type)}`, at.code, name), ";"]);
  }

  #string(out: Block, type: StringType, at: Place): void {
    const name = quote(at.name);
    const method = type.char === "wchar" ? "w.wstring" : "w.string";
    if (type.range !== undefined) {
      const length = type.size === null ? `${at.code}.length + 1` : this.#stringSize(type, at);
      out.add([call("w.range", length, type.range.low, type.range.high, name), ";"]);
    }
    if (!type.isConformant) out.add([call(`${method}In`, at.code, String(type.bound), name), ";"]);
    else if (type.size === null) out.add([call(method, at.code, name), ";"]);
    else out.add([call(`${method}Of`, at.code, this.#stringSize(type, at), name), ";"]);
  }

  #stringSize(type: StringType, at: Place): string {
    return exprCode(type.size, at.fields, writing(at)) ?? `${at.code}.length + 1`;
  }

  // ---- arrays ------------------------------------------------------------------------------------

  /** The size of a dimension: stated, or what the value has where its own length decides it. */
  sizeCode(type: ArrayType, depth: number, at: Place): string {
    const expr = sizeExpr(type.dimensions[depth]!);
    const own = ownLength(type, at, depth);
    if (expr === null || (depth === 0 && at.decided != null && isSameExpr(expr, at.decided)))
      return own;
    return exprCode(expr, at.fields, writing(at)) ?? own;
  }

  /** How many elements there have to be: what is stated, or what the value has. */
  #lengthCode(type: ArrayType, depth: number, at: Place): string {
    const { varying } = type.dimensions[depth]!;
    const size = this.sizeCode(type, depth, at);
    if (varying === null) return size;
    const isDecided = depth === 0 && at.decided != null && isSameExpr(varying.length, at.decided);
    const expected = isDecided ? null : exprCode(varying.length, at.fields, writing(at));
    if (expected !== null) return expected;
    if (varying.length !== null) return ownLength(type, at, depth);
    const start = exprCode(varying.first, at.fields, writing(at));
    return start === null ? size : `${size} - ${start}`;
  }

  /** Offsets and actual counts, then the elements. */
  #elements(out: Block, type: ArrayType, at: Place): void {
    const name = quote(at.name);
    type.dimensions.forEach((dimension, depth) => {
      const size = this.sizeCode(type, depth, at);
      const length = this.#lengthCode(type, depth, at);
      // Rows are held against the counts of theirs one by one.
      const own = depth === 0 ? ownLength(type, at, 0) : length;
      const check = dimension.varying === null ? "w.sizeIs" : "w.lengthIs";
      if (length !== own) out.add([call(check, own, length, name), ";"]);
      if (dimension.varying === null) return;
      const start = exprCode(dimension.varying.first, at.fields, writing(at));
      if (start === null) out.add([call("w.varying", size, own, name), ";"]);
      else out.add([call("w.varyingFrom", size, start, own, name), ";"]);
    });
    const together = elementsCall(type);
    if (together !== null) return out.add([call(`w.${together}`, at.code, name), ";"]);
    this.#each(out, type, at, (inner, item) => this.inPlace(inner, type.element, item));
  }

  /** A loop over the elements of every dimension. */
  #each(
    out: Block,
    type: ArrayType,
    at: Place,
    body: (out: Block, item: Place) => void,
    depth = 0,
    code: string = at.code,
  ): void {
    const index = this.#scope.index();
    const isLast = depth === type.dimensions.length - 1;
    const item = this.#scope.fresh(isLast ? "item" : "row");
    if (depth === 0) out.add([call("w.enter", quote(at.name)), ";"]);
    out.nest(`for (let ${index} = 0; ${index} < ${code}.length; ${index}++)`, () => {
      if (depth === 0) out.add(`w.at(${index});`);
      const isUsedOnce = isLast && !["pointer", "union"].includes(type.element.kind);
      if (!isUsedOnce) out.add(`const ${item} = ${code}[${index}]!;`);
      const inner = isUsedOnce ? `${code}[${index}]!` : item;
      if (isLast) body(out, { ...at, code: inner, name: "", decided: null });
      else this.#row(out, type, at, body, depth + 1, item);
    });
    if (depth === 0) out.add("w.leave();");
    this.#scope.release(index);
    this.#scope.release(item);
  }

  #row(
    out: Block,
    type: ArrayType,
    at: Place,
    body: (out: Block, item: Place) => void,
    depth: number,
    code: string,
  ): void {
    const row: ArrayType = { ...type, dimensions: type.dimensions.slice(depth) };
    const own = `w.${sizeMethod(row)}(${code}, "")`;
    const check = type.dimensions[depth]!.varying === null ? "w.sizeIs" : "w.lengthIs";
    out.add([call(check, own, this.#lengthCode(type, depth, at), '""'), ";"]);
    if (isOctets(row) || isText(row)) out.add(`w.${elementsCall(row)}(${code}, "");`);
    else this.#each(out, type, at, body, depth, code);
  }
}

/** Counts of the value stand before the structure that it ends. */
function needsCounts(type: WireType, emitter: Emitter): boolean {
  if (type.kind === "array") return type.dimensions.some(({ isConformant }) => isConformant);
  if (type.kind === "string") return type.isConformant;
  if (type.kind !== "named") return false;
  const plan = emitter.planOf(type.name);
  return plan.kind === "struct" && plan.hoisted > 0;
}

/** The number of elements at a depth, by the first row of each dimension above. */
function ownLength(type: ArrayType, at: Place, depth: number): string {
  if (depth === 0) return `w.${sizeMethod(type)}(${at.code}, ${quote(at.name)})`;
  return `(${at.code}[0]${"?.[0]".repeat(depth - 1)}?.length ?? 0)`;
}
