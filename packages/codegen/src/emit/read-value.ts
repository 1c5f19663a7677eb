/** Code that decodes a value: an expression, the statements before it, the checks after it. */
import type { ArrayType, Expr, PointerType, StringType, WireType } from "@msrpc/wire";
import type { FieldCode } from "../model/expr.ts";
import {
  elementsCall,
  hasTargets,
  isSameExpr,
  leastSize,
  sizeExpr,
  throughSilent,
} from "../model/wire-types.ts";
import { Block } from "../print/block.ts";
import { assign, call, generic, print } from "../print/doc.ts";
import { exprCode, tagCode } from "./access.ts";
import { isBoxed, quote, type Emitter, type Scope } from "./context.ts";
import { methodOf } from "./write-value.ts";

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

/** Something to hold against a field that may come later on the wire. */
export interface Check {
  readonly expr: Expr;
  /** Of a size: a NULL pointer must have the count 0. */
  readonly kind: "size" | "length" | "first" | "tag";
  /** What the wire has: of the value read, or a local variable. */
  readonly found: (value: string) => string;
  readonly name: string;
}

export interface Read {
  /** An expression, or the name of a local variable that is declared already. */
  readonly code: string;
  readonly checks: readonly Check[];
}

const plain = (code: string): Read => ({ code, checks: [] });

export class ValueReader {
  readonly #emitter: Emitter;
  readonly #scope: Scope;

  constructor(emitter: Emitter, scope: Scope) {
    this.#emitter = emitter;
    this.#scope = scope;
  }

  /** All of a value that stands in no structure, union or array. */
  whole(out: Block, type: WireType, at: ReadAt): Read {
    const shown = throughSilent(type);
    if (shown.kind === "pointer") return this.#wholePointer(out, shown, at);
    const read =
      shown.kind === "string" ? this.#string(out, shown, at) : this.inPlace(out, shown, at);
    if (!hasTargets(shown, this.#emitter.types)) return read;
    const local = this.#bind(out, read.code, at.local);
    this.targets(out, shown, local, at);
    return { code: local, checks: read.checks };
  }

  /** The part in place: of an embedded pointer its stand-in. */
  inPlace(out: Block, type: WireType, at: ReadAt): Read {
    const name = quote(at.name);
    switch (type.kind) {
      case "primitive": {
        const big = ["u64", "i64", "u3264", "i3264"].includes(type.name) ? "n" : "";
        const value = `r.${methodOf(type)}(${name})`;
        const { range } = type;
        return plain(
          range === undefined
            ? value
            : `r.range(${value}, ${range.low}${big}, ${range.high}${big}, ${name})`,
        );
      }
      case "named":
        return this.#named(out, type, at);
      case "union":
        return this.#union(out, type.name, type.switchIs, at);
      case "pointer":
        return plain(this.#standIn(type, at));
      case "array":
        return this.#array(out, type, at);
      case "string":
        return this.#string(out, type, at);
      case "interfacePointer":
        return plain(`r.interfacePointer(${name})`);
      case "pipe":
        throw new Error("a pipe has no part among the parameters");
    }
  }

  /** What embedded pointers point at, put in the place of their stand-ins. */
  targets(out: Block, type: WireType, code: string, at: ReadAt): void {
    if (!hasTargets(type, this.#emitter.types)) return;
    if (type.kind === "named" || type.kind === "union") {
      if (at.name !== "") out.add([call("r.enter", quote(at.name)), ";"]);
      out.add([call(this.#emitter.function("read", type.name, "Targets"), "r", code), ";"]);
      if (at.name !== "") out.add("r.leave();");
    } else if (type.kind === "array") {
      this.#eachTarget(out, type, code, at, 0);
    } else if (type.kind === "pointer") {
      this.#target(out, type, code, at);
    }
  }

  /** Emits the checks whose fields are known, for a value that may be NULL; gives back the others. */
  settle(
    out: Block,
    checks: readonly Check[],
    value: string,
    nullable: PointerType | null,
    fields: FieldCode,
  ): Check[] {
    const later: Check[] = [];
    for (const check of checks) {
      const expected = exprCode(check.expr, fields);
      if (expected === null) {
        later.push(check);
        continue;
      }
      const method = { size: "sizeIs", length: "lengthIs", first: "firstIs", tag: "switchIs" }[
        check.kind
      ];
      const statement = [call(`r.${method}`, check.found(value), expected, quote(check.name)), ";"];
      if (nullable === null) {
        out.add(statement);
      } else if (isSizeOf(check, nullable)) {
        out.add([call("r.sizeOf", value, expected, quote(check.name)), ";"]);
      } else if (check.kind === "size" && nullable.mayBeNullWithCount !== true) {
        out.add([`if (${value} === null) `, call("r.nullCount", expected, quote(check.name)), ";"]);
        out.add(["else ", ...statement]);
      } else {
        out.add([`if (${value} !== null) `, ...statement]);
      }
    }
    return later;
  }

  #bind(out: Block, code: string, local: string): string {
    if (code !== local) out.add([assign(`const ${local} =`, code), ";"]);
    return local;
  }

  // ---- pointers --------------------------------------------------------------------------------

  #standIn(type: PointerType, at: ReadAt): string {
    const name = quote(at.name);
    const target = this.#emitter.tsType(type.target);
    const shown = type.class !== "ref" && isBoxed(type.target) ? `{ target: ${target} }` : target;
    const method =
      type.id === "ndr64"
        ? "refElement"
        : type.class === "ref"
          ? "ref"
          : type.class === "full"
            ? "fullPointer"
            : "pointer";
    return print([generic(`r.${method}`, shown), `(${name})`]);
  }

  #wholePointer(out: Block, type: PointerType, at: ReadAt): Read {
    const standIn = this.#standIn(type, at);
    const direct = this.#directTarget(type, at);
    if (direct !== null) return { ...direct, code: `${standIn} && ${direct.code}` };
    out.add(`let ${at.local} = ${standIn};`);
    const checks: Check[] = [];
    this.#fill(out, type, at.local, at, checks);
    return { code: at.local, checks };
  }

  /** The target of a unique pointer where it is one expression. */
  #directTarget(type: PointerType, at: ReadAt): Read | null {
    if (type.class !== "unique" || isBoxed(type.target)) return null;
    const target = throughSilent(type.target);
    if (target.kind !== "string" && (target.kind !== "array" || elementsCall(target) === null))
      return null;
    const body = new Block();
    const read = new ValueReader(this.#emitter, this.#scope.copy()).whole(body, target, at);
    return body.isEmpty ? read : null;
  }

  /** Puts a target in the place of its stand-in; `checks` takes what is still to be held against fields. */
  #fill(out: Block, type: PointerType, code: string, at: ReadAt, checks: Check[]): void {
    const fill = (body: Block, inner: ReadAt): void => {
      if (type.class === "full") return this.#fullTarget(body, type, code, at);
      const boxed = type.class !== "ref" && isBoxed(type.target);
      const local = this.#scope.fresh("target");
      const read = this.whole(body, type.target, { ...inner, local });
      body.add([code, " = ", boxed ? `{ target: ${read.code} }` : read.code, ";"]);
      if (type.class !== "ref") this.#scope.release(local);
      checks.push(...read.checks);
    };
    if (type.class === "ref") fill(out, at);
    else out.when(`${code} !== null`, (body) => fill(body, { ...at, outer: at.outer ?? out }));
  }

  #target(out: Block, type: PointerType, code: string, at: ReadAt): void {
    const checks: Check[] = [];
    this.#fill(out, type, code, at, checks);
    this.settle(out, checks, code, type.class === "ref" ? null : type, at.fields);
  }

  /** A full pointer's target is read once; `r.target` knows. */
  #fullTarget(out: Block, type: PointerType, code: string, at: ReadAt): void {
    const target = throughSilent(type.target);
    const plan = target.kind === "named" ? this.#emitter.planOf(target.name) : null;
    if (at.name !== "") out.add([call("r.enter", quote(at.name)), ";"]);
    if (
      target.kind === "named" &&
      plan?.kind === "struct" &&
      !this.#emitter.entry(target.name).isUuid
    ) {
      const read = this.#emitter.function("read", target.name, "");
      const more = plan.hasDeferred ? [this.#emitter.function("read", target.name, "Targets")] : [];
      out.add([`${code} = `, call("r.target", code, quote(target.name), read, ...more), ";"]);
    } else {
      const body = new Block();
      const read = this.whole(body, type.target, {
        ...at,
        name: "",
        local: this.#scope.fresh("target"),
      });
      const key = quote(target.kind === "named" ? target.name : JSON.stringify(target.kind));
      if (body.isEmpty) {
        out.add([`${code} = `, call("r.target", code, key, `() => ${read.code}`), ";"]);
      } else {
        out.nest(
          `${code} = r.target(${code}, ${key}, () =>`,
          () => {
            out.append(body);
            this.settle(out, read.checks, read.code, null, at.fields);
            out.add(`return ${read.code};`);
          },
          "});",
        );
      }
    }
    if (at.name !== "") out.add("r.leave();");
  }

  // ---- named types -----------------------------------------------------------------------------

  #named(out: Block, type: Extract<WireType, { kind: "named" }>, at: ReadAt): Read {
    const { plan, isUuid } = this.#emitter.entry(type.name);
    const name = quote(at.name);
    if (isUuid) return plain(`r.uuid(${name})`);
    if (plan.kind === "enum") {
      const value = `r.${plan.isV1 ? "enum32" : "enum16"}(${name})`;
      return plain(
        type.range === undefined
          ? value
          : `r.range(${value}, ${type.range.low}, ${type.range.high}, ${name})`,
      );
    }
    if (plan.kind === "contextHandle") {
      const method = at.isOpen === true ? "openHandle" : "contextHandle";
      return plain(`r.${method}<${this.#emitter.typeSymbol(type.name)}>(${name})`);
    }
    const isBody = at.sizes !== undefined;
    const read = this.#emitter.function("read", type.name, isBody ? "Body" : "");
    return this.#entered(out, isBody ? `${read}(r, ${at.sizes.join(", ")})` : `${read}(r)`, at);
  }

  #union(out: Block, name: string, switchIs: Expr, at: ReadAt): Read {
    const { code } = this.#entered(out, `${this.#emitter.function("read", name, "")}(r)`, at);
    const tag = (value: string): string => tagCode(name, value, this.#emitter.types);
    return { code, checks: [{ expr: switchIs, kind: "tag", found: tag, name: at.name }] };
  }

  #entered(out: Block, code: string, at: ReadAt): Read {
    if (at.name === "") return plain(code);
    out.add([call("r.enter", quote(at.name)), ";"]);
    out.add([assign(`const ${at.local} =`, code), ";"]);
    out.add("r.leave();");
    return plain(at.local);
  }

  // ---- strings and arrays ------------------------------------------------------------------------

  #string(out: Block, type: StringType, at: ReadAt): Read {
    const name = quote(at.name);
    const method = type.char === "wchar" ? "r.wstring" : "r.string";
    const checks: Check[] = [];
    let code: string;
    if (type.bound !== null && !type.isConformant) {
      code = `${method}In(${type.bound}, ${name})`;
    } else if (type.size === null && at.sizes === undefined) {
      code = `${method}(${name})`;
    } else {
      const expected = exprCode(type.size, at.fields);
      if (expected !== null && at.sizes === undefined) {
        code = `${method}Of(${expected}, ${name})`;
      } else {
        const size = at.sizes?.[0] ?? this.#scope.fresh("size");
        if (at.sizes === undefined) out.add(`const ${size} = r.maxCount(${name});`);
        if (type.size !== null)
          checks.push({ expr: type.size, kind: "size", found: () => size, name: at.name });
        code = `${method}In(${size}, ${name})`;
      }
    }
    if (type.range === undefined || type.size !== null) return { code, checks };
    const local = this.#bind(out, code, at.local);
    out.add([
      call("r.countRange", `${local}.length + 1`, type.range.low, type.range.high, name),
      ";",
    ]);
    return { code: local, checks };
  }

  #array(out: Block, type: ArrayType, at: ReadAt): Read {
    const checks: Check[] = [];
    const together = elementsCall(type);
    const isVarying = type.dimensions.some((dimension) => dimension.varying !== null);
    const isOneCount = type.dimensions.length === 1 && !isVarying;
    const least = Math.max(1, leastSize(type.element, this.#emitter.types));
    const sizes = type.dimensions.map((dimension, depth) => {
      const expr = sizeExpr(dimension);
      if (!dimension.isConformant) return expr?.op === "const" ? expr.value : "0";
      const given = at.sizes?.[depth];
      const read =
        given ??
        (isOneCount ? `r.count(${least}, ${quote(at.name)})` : `r.maxCount(${quote(at.name)})`);
      const expected = expr === null ? null : this.#expected(expr, at);
      const isInline =
        given !== undefined ||
        (isOneCount && expected === null && together !== null && dimension.range === undefined);
      const code = isInline ? read : this.#scope.fresh("size");
      if (!isInline) declare(out, code, read, isOneCount || expected !== null ? null : at);
      if (expected !== null) out.add([call("r.sizeIs", code, expected, quote(at.name)), ";"]);
      else if (expr !== null) checks.push(sizeCheck(expr, isOneCount ? null : code, at.name));
      if (dimension.range !== undefined) {
        out.add([
          call("r.countRange", code, dimension.range.low, dimension.range.high, quote(at.name)),
          ";",
        ]);
      }
      return code;
    });
    const counts = isVarying
      ? this.#lengths(out, type, sizes, at, checks, together !== null)
      : sizes;
    if (together !== null)
      return { code: `r.${together}(${counts[0]}, ${quote(at.name)})`, checks };
    this.#loop(out, type, counts, at, 0, at.local, least);
    return { code: at.local, checks };
  }

  #expected(expr: Expr, at: ReadAt): string | null {
    if (at.decided != null && isSameExpr(expr, at.decided.expr)) return at.decided.code;
    return exprCode(expr, at.fields);
  }

  /** Offsets and actual counts. */
  #lengths(
    out: Block,
    type: ArrayType,
    sizes: readonly string[],
    at: ReadAt,
    checks: Check[],
    inline: boolean,
  ): string[] {
    const name = quote(at.name);
    const least =
      type.dimensions.length === 1 ? Math.max(1, leastSize(type.element, this.#emitter.types)) : 1;
    return type.dimensions.map((dimension, depth) => {
      const { length = null, first = null } = dimension.varying ?? {};
      const size = sizes[depth]!;
      let read = `r.varying(${size}, ${least}, ${name})`;
      if (first !== null) {
        const start = this.#scope.fresh("first");
        declare(out, start, `r.first(${name})`, at);
        checks.push({ expr: first, kind: "first", found: () => start, name: at.name });
        read = `r.length(${size}, ${start}, ${least}, ${name})`;
      }
      const expected =
        length === null ? (first === null ? size : null) : this.#expected(length, at);
      if (inline && expected === null && length !== null) {
        checks.push({
          expr: length,
          kind: "length",
          found: (value) => `${value}.length`,
          name: at.name,
        });
        return read;
      }
      const code = this.#scope.fresh("length");
      declare(out, code, read, expected === null ? at : null);
      if (expected !== null) out.add([call("r.lengthIs", code, expected, name), ";"]);
      else if (length !== null)
        checks.push({ expr: length, kind: "length", found: () => code, name: at.name });
      return code;
    });
  }

  /** Fills a list, row by row. */
  #loop(
    out: Block,
    type: ArrayType,
    counts: readonly string[],
    at: ReadAt,
    depth: number,
    local: string,
    least: number,
  ): void {
    const rest = type.dimensions.length - depth - 1;
    const element = this.#emitter.tsType({ ...type, dimensions: type.dimensions.slice(depth + 1) });
    const shown = rest === 0 ? this.#emitter.tsType(type.element) : element;
    const count = counts[depth]!;
    out.add([
      `const ${local} = `,
      generic("r.list", shown),
      call("", count, String(least), quote(depth === 0 ? at.name : "")),
      ";",
    ]);
    if (depth === 0) out.add([call("r.enter", quote(at.name)), ";"]);
    const index = this.#scope.index();
    out.nest(`for (let ${index} = 0; ${index} < ${count}; ${index}++)`, () => {
      if (depth === 0) out.add(`r.at(${index});`);
      if (rest > 0) {
        const row = this.#scope.fresh("row");
        this.#loop(out, type, counts, at, depth + 1, row, least);
        out.add(`${local}[${index}] = ${row};`);
        this.#scope.release(row);
        return;
      }
      const item = this.#scope.fresh("item");
      const read = this.inPlace(out, type.element, { name: "", local: item, fields: at.fields });
      out.add([`${local}[${index}] = `, read.code, ";"]);
      this.settle(out, read.checks, `${local}[${index}]`, null, at.fields);
      this.#scope.release(item);
    });
    this.#scope.release(index);
    if (depth === 0) out.add("r.leave();");
  }

  #eachTarget(out: Block, type: ArrayType, code: string, at: ReadAt, depth: number): void {
    const index = this.#scope.index();
    if (depth === 0) out.add([call("r.enter", quote(at.name)), ";"]);
    out.nest(`for (let ${index} = 0; ${index} < ${code}.length; ${index}++)`, () => {
      if (depth === 0) out.add(`r.at(${index});`);
      const inner = { name: "", local: "", fields: at.fields };
      if (depth < type.dimensions.length - 1) {
        const row = this.#scope.fresh("row");
        out.add(`const ${row} = ${code}[${index}]!;`);
        this.#eachTarget(out, type, row, at, depth + 1);
        this.#scope.release(row);
      } else if (type.element.kind === "pointer") {
        const item = this.#scope.fresh("item");
        out.add(`let ${item} = ${code}[${index}]!;`);
        this.targets(out, type.element, item, inner);
        out.add(`${code}[${index}] = ${item};`);
        this.#scope.release(item);
      } else {
        this.targets(out, type.element, `${code}[${index}]!`, inner);
      }
    });
    this.#scope.release(index);
    if (depth === 0) out.add("r.leave();");
  }
}

/** The check is one call of `sizeOf`, which takes a NULL pointer as well. */
export function isSizeOf(check: Check, pointer: PointerType): boolean {
  return (
    check.kind === "size" && pointer.mayBeNullWithCount !== true && check.found("v") === "v.length"
  );
}

/** A local variable; in an `if` whose checks come after it, one that was declared before. */
function declare(out: Block, name: string, value: string, at: ReadAt | null): void {
  if (at?.outer === undefined) {
    out.add([assign(`const ${name} =`, value), ";"]);
  } else {
    at.outer.add(`let ${name} = 0;`);
    out.add(`${name} = ${value};`);
  }
}

function sizeCheck(expr: Expr, local: string | null, name: string): Check {
  return { expr, kind: "size", found: (value) => local ?? `${value}.length`, name };
}
