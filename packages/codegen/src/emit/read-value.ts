/** Code that decodes a value: an expression, the statements before it, the checks after it. */
import type { Expr, PointerType, WireType } from "@msrpc/wire";
import type { FieldCode } from "../model/expr.ts";
import {
  elementsCall,
  hasTargets,
  isSameExpr,
  sizesBehind,
  throughSilent,
  typeKey,
  pointerMethod,
} from "../model/wire-types.ts";
import { Block } from "../print/block.ts";
import { assign, call, generic, print } from "../print/doc.ts";
import { exprCode, tagNumber } from "./access.ts";
import { isBoxed, quote, type Emitter, type Scope } from "./context.ts";
import { ArrayReader } from "./read-array.ts";
import { isSizeOf, type Check, type Read, type ReadAt } from "./read-types.ts";
import { methodOf } from "./primitive.ts";

/** The value that a pointer to `code` has. */
function boxed(type: PointerType, code: string): string {
  if (type.class === "ref" || !isBoxed(type.target)) return code;
  return code === "target" ? "{ target }" : `{ target: ${code} }`;
}

const plain = (code: string): Read => ({ code, checks: [] });

export class ValueReader {
  readonly #emitter: Emitter;
  readonly #scope: Scope;
  readonly #arrays: ArrayReader;

  constructor(emitter: Emitter, scope: Scope) {
    this.#emitter = emitter;
    this.#scope = scope;
    this.#arrays = new ArrayReader(emitter, scope, this);
  }

  /** All of a value that stands in no structure, union or array. */
  whole(out: Block, type: WireType, at: ReadAt): Read {
    const shown = throughSilent(type);
    if (shown.kind === "pointer") return this.#wholePointer(out, shown, at);
    const read =
      shown.kind === "string" ? this.#arrays.string(out, shown, at) : this.inPlace(out, shown, at);
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
        return this.#arrays.array(out, type, at);
      case "string":
        return this.#arrays.string(out, type, at);
      case "interfacePointer":
        return plain(`r.interfacePointer(${name})`);
      case "pipe":
        throw new Error("a pipe has no part among the parameters");
    }
  }

  /** What embedded pointers point at, put in the place of their stand-ins. */
  targets(out: Block, type: WireType, code: string, at: ReadAt): void {
    this.#emitter.refuseChecks(this.deferred(out, type, code, at));
  }

  /** As `targets`; gives back the checks whose fields aren't known yet. */
  deferred(out: Block, type: WireType, code: string, at: ReadAt): Check[] {
    if (!hasTargets(type, this.#emitter.types)) return [];
    if (type.kind === "named" || type.kind === "union") {
      if (at.name !== "") out.add([call("r.enter", quote(at.name)), ";"]);
      out.add([call(this.#emitter.function("read", type.name, "Targets"), "r", code), ";"]);
      if (at.name !== "") out.add("r.leave();");
    } else if (type.kind === "array") {
      this.#arrays.eachTarget(out, type, code, at, 0);
    } else if (type.kind === "pointer") {
      return this.#target(out, type, code, at);
    }
    return [];
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
      } else {
        const isCounted = check.kind === "size" && nullable.mayBeNullWithCount !== true;
        out.choose(
          `${value} !== null`,
          out.inner((inner) => inner.add(statement)),
          out.inner((inner) => {
            if (isCounted) inner.add([call("r.nullCount", expected, quote(check.name)), ";"]);
          }),
        );
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
    return print([generic(`r.${pointerMethod(type)}`, shown), `(${name})`]);
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
    if (sizesBehind(type).some((size) => exprCode(size, at.fields) !== null)) return null;
    const body = new Block();
    const read = new ValueReader(this.#emitter, this.#scope.copy()).whole(body, target, at);
    return body.isEmpty ? read : null;
  }

  /** Puts a target in the place of its stand-in; `checks` takes what is still to be held against fields. */
  #fill(out: Block, type: PointerType, code: string, at: ReadAt, checks: Check[]): void {
    const isFull = type.class === "full";
    const fill = (body: Block, inner: ReadAt): void => {
      if (isFull) return this.#fullTarget(body, type, code, at, checks);
      const local = this.#scope.fresh("target");
      const read = this.whole(body, type.target, { ...inner, local });
      body.add([code, " = ", boxed(type, read.code), ";"]);
      if (type.class !== "ref") this.#scope.release(local);
      checks.push(...read.checks);
    };
    if (type.class === "ref") return fill(out, at);
    const body = out.inner((inner) => fill(inner, { ...at, outer: at.outer ?? out }));
    const whenNull = out.inner((inner) => {
      if (!isFull) this.#nullCounts(inner, type, at);
    });
    out.choose(`${code} !== null`, body, whenNull);
  }

  /** What the counts of a NULL pointer's target are checked for, where they are known before it. */
  #nullCounts(out: Block, type: PointerType, at: ReadAt): void {
    for (const size of sizesBehind(type)) {
      const isCarried = at.decided != null && isSameExpr(size, at.decided.expr);
      const expected = isCarried ? null : exprCode(size, at.fields);
      if (expected !== null && expected !== "0")
        out.add([call("r.nullCount", expected, quote(at.name)), ";"]);
    }
  }

  #target(out: Block, type: PointerType, code: string, at: ReadAt): Check[] {
    const checks: Check[] = [];
    this.#fill(out, type, code, at, checks);
    return this.settle(out, checks, code, type.class === "ref" ? null : type, at.fields);
  }

  /**
   * A full pointer's target is read once; `r.target` knows. `checks` takes those that hold at every pointer to
   * it, since each may have a count of its own.
   */
  #fullTarget(out: Block, type: PointerType, code: string, at: ReadAt, checks: Check[]): void {
    const target = throughSilent(type.target);
    const plan = target.kind === "named" ? this.#emitter.planOf(target.name) : null;
    const key = quote(typeKey(type.target));
    if (at.name !== "") out.add([call("r.enter", quote(at.name)), ";"]);
    if (
      target.kind === "named" &&
      plan?.kind === "struct" &&
      !this.#emitter.entry(target.name).isUuid
    ) {
      const read = this.#emitter.function("read", target.name, "");
      const more = plan.hasDeferred ? [this.#emitter.function("read", target.name, "Targets")] : [];
      out.add([`${code} = `, call("r.target", code, key, read, ...more), ";"]);
    } else {
      let result = "";
      const body = out.inner((inner) => {
        const local = this.#scope.fresh("target");
        const read = this.whole(inner, type.target, { name: "", local, fields: () => null });
        const isOfValue = ({ found }: Check): boolean => found("a") !== found("b");
        const own = read.checks.filter((check) => !isOfValue(check));
        this.#emitter.refuseChecks(this.settle(inner, own, read.code, null, at.fields));
        const shared = read.checks.filter(isOfValue);
        checks.push(...shared.map((check) => ({ ...check, name: at.name })));
        result = boxed(type, read.code);
        this.#scope.release(local);
      });
      if (body.isEmpty) {
        const shown = result.startsWith("{") ? `(${result})` : result;
        out.add([`${code} = `, call("r.target", code, key, `() => ${shown}`), ";"]);
      } else {
        body.add(`return ${result};`);
        out.nest(`${code} = r.target(${code}, ${key}, () =>`, () => out.append(body), "});");
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
    const tag = (value: string): string => tagNumber(name, value, this.#emitter.types);
    return { code, checks: [{ expr: switchIs, kind: "tag", found: tag, name: at.name }] };
  }

  #entered(out: Block, code: string, at: ReadAt): Read {
    if (at.name === "") return plain(code);
    out.add([call("r.enter", quote(at.name)), ";"]);
    out.add([assign(`const ${at.local} =`, code), ";"]);
    out.add("r.leave();");
    return plain(at.local);
  }
}
