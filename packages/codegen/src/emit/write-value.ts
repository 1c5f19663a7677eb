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
  elementsCall,
  hasTargets,
  isSameExpr,
  sizeMethod,
  sizeExpr,
  throughSilent,
} from "../model/wire-types.ts";
import type { Block } from "../print/block.ts";
import { call, type Doc } from "../print/doc.ts";
import { exprCode } from "./access.ts";
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
    if (type.kind === "array") {
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
    const method =
      type.id === "ndr64"
        ? "refElement"
        : type.class === "ref"
          ? "ref"
          : type.class === "full"
            ? "fullPointer"
            : "pointer";
    out.add([call(`w.${method}`, at.code, name), ";"]);
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
    return exprCode(type.size, at.fields) ?? `${at.code}.length + 1`;
  }

  // ---- arrays ------------------------------------------------------------------------------------

  /** The size of a dimension: stated, or what the value has where its own length decides it. */
  sizeCode(type: ArrayType, depth: number, at: Place): string {
    const expr = sizeExpr(type.dimensions[depth]!);
    const own = ownLength(type, at, depth);
    if (expr === null || (depth === 0 && at.decided != null && isSameExpr(expr, at.decided)))
      return own;
    return exprCode(expr, at.fields) ?? own;
  }

  /** Offsets and actual counts, then the elements. */
  #elements(out: Block, type: ArrayType, at: Place): void {
    const name = quote(at.name);
    type.dimensions.forEach((dimension, depth) => {
      const size = this.sizeCode(type, depth, at);
      const own = ownLength(type, at, depth);
      if (dimension.varying === null) {
        if (size !== own) out.add([call("w.sizeIs", own, size, name), ";"]);
        return;
      }
      const { length, first } = dimension.varying;
      const decided = depth === 0 && at.decided != null && isSameExpr(length, at.decided);
      const expected = decided ? null : exprCode(length, at.fields);
      const start = exprCode(first, at.fields);
      const wanted =
        expected ?? (length === null ? (start === null ? size : `${size} - ${start}`) : own);
      if (wanted !== own) out.add([call("w.lengthIs", own, wanted, name), ";"]);
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
  ): void {
    const index = this.#scope.index();
    const isLast = depth === type.dimensions.length - 1;
    const item = this.#scope.fresh(isLast ? "item" : "row");
    if (depth === 0) out.add([call("w.enter", quote(at.name)), ";"]);
    out.nest(`for (let ${index} = 0; ${index} < ${at.code}.length; ${index}++)`, () => {
      if (depth === 0) out.add(`w.at(${index});`);
      const isUsedOnce = isLast && type.element.kind !== "pointer";
      const code = isUsedOnce ? `${at.code}[${index}]!` : item;
      const inner: Place = { ...at, code, name: "", decided: null };
      if (!isUsedOnce) out.add(`const ${item} = ${at.code}[${index}]!;`);
      if (isLast) {
        body(out, inner);
      } else {
        const size = this.sizeCode(type, depth + 1, { ...at, code: at.code });
        if (type.dimensions[depth + 1]!.varying === null)
          out.add([call("w.sizeIs", `${item}.length`, size, '""'), ";"]);
        this.#each(out, type, { ...inner, fields: at.fields }, body, depth + 1);
      }
    });
    if (depth === 0) out.add("w.leave();");
    this.#scope.release(index);
    this.#scope.release(item);
  }
}

/** The number of elements at a depth, by the first row of each dimension above. */
function ownLength(type: ArrayType, at: Place, depth: number): string {
  if (depth === 0) return `w.${sizeMethod(type)}(${at.code}, ${quote(at.name)})`;
  return `(${at.code}[0]${"?.[0]".repeat(depth - 1)}?.length ?? 0)`;
}
