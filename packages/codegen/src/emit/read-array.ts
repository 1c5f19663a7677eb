/** Code that decodes strings and arrays. */
import type { ArrayType, Expr, StringType } from "@msrpc/wire";
import {
  elementOf,
  elementsCall,
  isNullable,
  isOctets,
  isPresented,
  isSameExpr,
  isText,
  leastElement,
  sizeExpr,
} from "../model/wire-types.ts";
import type { Block } from "../print/block.ts";
import { assign, call, generic, list, print } from "../print/doc.ts";
import { exprCode, switchTag } from "./access.ts";
import { quote, type Emitter, type Scope } from "./context.ts";
import { collect, declaration } from "./read-each.ts";
import { reading, type Check, type ElementReader, type Read, type ReadAt } from "./read-types.ts";

export class ArrayReader {
  readonly #emitter: Emitter;
  readonly #scope: Scope;
  readonly #values: ElementReader;

  constructor(emitter: Emitter, scope: Scope, values: ElementReader) {
    this.#emitter = emitter;
    this.#scope = scope;
    this.#values = values;
  }

  string(out: Block, type: StringType, at: ReadAt): Read {
    const name = quote(at.name);
    const method = type.char === "wchar" ? "r.wstring" : "r.string";
    const checks: Check[] = [];
    let code: string;
    if (type.bound !== null && !type.isConformant) {
      code = `${method}In(${type.bound}, ${name})`;
    } else if (type.size === null && at.sizes === undefined) {
      code = `${method}(${name})`;
    } else {
      const expected = exprCode(type.size, at.fields, reading(at));
      if (expected !== null && at.sizes === undefined) {
        code = print(call(`${method}Of`, expected, name));
      } else {
        const size = at.sizes?.[0] ?? this.#scope.fresh("size");
        if (at.sizes === undefined) declare(out, size, `r.maxCount(${name})`, at);
        if (type.size !== null)
          checks.push({ expr: type.size, kind: "size", found: () => size, name: at.name });
        code = `${method}In(${size}, ${name})`;
      }
    }
    if (type.range === undefined || type.size !== null) return { code, checks };
    const { local } = at;
    if (code !== local) out.add([assign(`const ${local} =`, code), ";"]);
    out.add([
      call("r.countRange", `${local}.length + 1`, type.range.low, type.range.high, name),
      ";",
    ]);
    return { code: local, checks };
  }

  array(out: Block, type: ArrayType, at: ReadAt): Read {
    const checks: Check[] = [];
    const together = elementsCall(type);
    const isVarying = type.dimensions.some((dimension) => dimension.varying !== null);
    const isOneCount = type.dimensions.length === 1 && !isVarying;
    const least = leastElement(type.element, this.#emitter.types);
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
    checks.push(...this.#unionTags(type, at));
    const isSure = counts.slice(1).every((count) => /^[1-9]\d*$/.test(count));
    if (!isSure)
      out.add([call("r.rows", list("[", counts, "]"), String(least), quote(at.name)), ";"]);
    this.#loop(out, type, counts, at, 0, at.local, { least, isSure });
    return { code: at.local, checks };
  }

  /** The tags of an array of unions, where what they are held against is not known at each element. */
  #unionTags({ element, dimensions }: ArrayType, at: ReadAt): Check[] {
    if (element.kind !== "union" || exprCode(element.switchIs, at.fields, null) !== null) return [];
    const tag = switchTag(element.name, "item", this.#emitter);
    const flat = dimensions.length === 1 ? "" : `.flat(${dimensions.length - 1})`;
    const found = (value: string): string => `${value}${flat}.map((item) => ${tag})`;
    return [
      {
        expr: element.switchIs,
        kind: "tag",
        union: element.name,
        found,
        isList: true,
        name: at.name,
      },
    ];
  }

  #expected(expr: Expr, at: ReadAt): string | null {
    if (at.decided != null && isSameExpr(expr, at.decided.expr)) return at.decided.code;
    return exprCode(expr, at.fields, reading(at));
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
      type.dimensions.length === 1 ? leastElement(type.element, this.#emitter.types) : 0;
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
    room: { readonly least: number; readonly isSure: boolean },
  ): void {
    const inner: ArrayType = { ...type, dimensions: type.dimensions.slice(depth) };
    const isLast = inner.dimensions.length === 1;
    const shown = this.#emitter.tsType(elementOf(inner));
    const count = counts[depth]!;
    const name = depth === 0 ? at.name : "";
    if (isLast || room.isSure) {
      const made = call("", count, String(room.least), quote(name));
      out.add([`const ${local} = `, generic("r.list", shown), made, ";"]);
    } else {
      out.add(`const ${local}: ${this.#emitter.tsType(inner)} = [];`);
    }
    if (depth === 0) out.add([call("r.enter", quote(at.name)), ";"]);
    const index = this.#scope.index();
    out.nest(`for (let ${index} = 0; ${index} < ${count}; ${index}++)`, () => {
      if (depth === 0) out.add(`r.at(${index});`);
      if (isLast) this.#item(out, type, at, `${local}[${index}]`);
      else this.#row(out, type, counts, at, depth + 1, `${local}[${index}]`, room);
    });
    this.#scope.release(index);
    if (depth === 0) out.add("r.leave();");
  }

  #row(
    out: Block,
    type: ArrayType,
    counts: readonly string[],
    at: ReadAt,
    depth: number,
    target: string,
    room: { readonly least: number; readonly isSure: boolean },
  ): void {
    const row: ArrayType = { ...type, dimensions: type.dimensions.slice(depth) };
    if (isOctets(row) || isText(row)) {
      out.add(`${target} = r.${elementsCall(row)}(${counts[depth]}, "");`);
      return;
    }
    const local = this.#scope.fresh("row");
    this.#loop(out, type, counts, at, depth, local, room);
    out.add(`${target} = ${local};`);
    this.#scope.release(local);
  }

  #item(out: Block, type: ArrayType, at: ReadAt, target: string): void {
    const item = this.#scope.fresh("item");
    const { fields } = at;
    const read = this.#values.inPlace(out, type.element, { name: "", local: item, fields });
    // What waits for a field behind the array is held against it there, see `unionTags`.
    const known = read.checks.filter(({ expr }) => exprCode(expr, fields, null) !== null);
    if (known.length === 0) {
      out.add([`${target} = `, read.code, ";"]);
    } else {
      if (read.code !== item) out.add([assign(`const ${item} =`, read.code), ";"]);
      this.#values.settle(out, known, item, null, fields);
      out.add(`${target} = ${item};`);
    }
    this.#scope.release(item);
  }

  /** What the elements point at; gives back the checks whose fields aren't known yet. */
  targets(out: Block, type: ArrayType, code: string, at: ReadAt): Check[] {
    const checks: Check[] = [];
    const start = out.mark();
    this.#eachTarget(out, type, code, at, 0, (body, check, value) => {
      const nullable = isNullable(type.element) ? type.element : null;
      const pointer = nullable?.kind === "pointer" ? nullable : null;
      const list = collect(body, check, value, pointer, this.#scope);
      if (at.outer === undefined) out.insert(start, declaration(list, check));
      else at.outer.add(declaration(list, check));
      checks.push({ ...check, found: () => list, isList: true, name: at.name });
    });
    return checks;
  }

  #eachTarget(
    out: Block,
    type: ArrayType,
    code: string,
    at: ReadAt,
    depth: number,
    later: (body: Block, check: Check, value: string) => void,
  ): void {
    const index = this.#scope.index();
    if (depth === 0) out.add([call("r.enter", quote(at.name)), ";"]);
    out.nest(`for (let ${index} = 0; ${index} < ${code}.length; ${index}++)`, () => {
      if (depth === 0) out.add(`r.at(${index});`);
      const inner = { name: "", local: "", fields: at.fields };
      if (depth < type.dimensions.length - 1) {
        const row = this.#scope.fresh("row");
        out.add(`const ${row} = ${code}[${index}]!;`);
        this.#eachTarget(out, type, row, at, depth + 1, later);
        this.#scope.release(row);
      } else if (isPresented(type.element)) {
        for (const check of this.#values.deferred(out, type.element, `${code}[${index}]`, inner))
          later(out, check, "");
      } else if (type.element.kind === "pointer") {
        const item = this.#scope.fresh("item");
        out.add(`let ${item} = ${code}[${index}]!;`);
        const left = this.#values.deferred(out, type.element, item, inner);
        for (const check of left) later(out, check, item);
        out.add(`${code}[${index}] = ${item};`);
        this.#scope.release(item);
      } else {
        this.#values.deferred(out, type.element, `${code}[${index}]!`, inner);
      }
    });
    this.#scope.release(index);
    if (depth === 0) out.add("r.leave();");
  }
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
