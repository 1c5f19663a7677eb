/** Code that decodes a value: an expression, the statements before it, the checks after it. */
import { anyHandle, type Expr, type PointerType, type WireType } from "@msrpc/wire";
import type { FieldCode } from "../model/expr.ts";
import {
  asSent,
  elementsCall,
  hasTargets,
  isNullable,
  isPresented,
  isSameExpr,
  sizesBehind,
  throughSilent,
  typeKey,
  pointerMethod,
} from "../model/wire-types.ts";
import { Block } from "../print/block.ts";
import { assign, call, generic, print } from "../print/doc.ts";
import { exprCode, switchCode, switchTag } from "./access.ts";
import { isBoxed, quote, type Emitter, type Scope } from "./context.ts";
import { ArrayReader } from "./read-array.ts";
import { collect, declaration } from "./read-each.ts";
import { isOfValue, isSizeOf, reading, type Check, type Read, type ReadAt } from "./read-types.ts";
import { methodOf } from "./primitive.ts";

/** The value that a pointer to `code` has. */
function boxed(type: PointerType, code: string): string {
  if (type.class === "ref" || !isBoxed(type.target)) return code;
  return code === "target" ? "{ target }" : `{ target: ${code} }`;
}

/** A check of a presented value: it looks at what was sent. */
function onWire(check: Check, sent: WireType, wire: string): Check {
  if (!isOfValue(check)) return check;
  const found = check.found(wire);
  const isThere = sent.kind !== "pointer" || sent.class === "ref";
  return { ...check, found: () => (isThere ? found : `(${wire} === null ? 0 : ${found})`) };
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
    if (isPresented(shown)) return this.#presented(out, shown, at, "whole");
    if (shown.kind === "pointer") return this.#wholePointer(out, shown, at);
    const read =
      shown.kind === "string" ? this.#arrays.string(out, shown, at) : this.inPlace(out, shown, at);
    if (!hasTargets(shown, this.#emitter.types)) return read;
    const local = this.#bind(out, read.code, at.local);
    const later = this.deferred(out, shown, local, at);
    return { code: local, checks: [...read.checks, ...later] };
  }

  /** The part in place: of an embedded pointer its stand-in. */
  inPlace(out: Block, type: WireType, at: ReadAt): Read {
    const name = quote(at.name);
    if (isPresented(type)) return this.#presented(out, type, at, "inPlace");
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
    if (isPresented(type)) return this.#presentedTargets(out, type, code, at);
    if (type.kind === "named" || type.kind === "union") {
      if (at.name !== "") out.add([call("r.enter", quote(at.name)), ";"]);
      out.add([call(this.#emitter.function("read", type.name, "Targets"), "r", code), ";"]);
      if (at.name !== "") out.add("r.leave();");
    } else if (type.kind === "array") {
      return this.#arrays.targets(out, type, code, at);
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
      const expected =
        check.union === undefined
          ? exprCode(check.expr, fields, reading(check))
          : switchCode(check.union, check.expr, fields, this.#emitter.types, reading(check));
      if (expected === null) {
        later.push(check);
        continue;
      }
      const method = { size: "sizeIs", length: "lengthIs", first: "firstIs", tag: "switchIs" }[
        check.kind
      ];
      const statement = [call(`r.${method}`, check.found(value), expected, quote(check.name)), ";"];
      if (check.isList === true) {
        this.#settleEach(out, check, method, value, expected);
      } else if (nullable === null) {
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

  #settleEach(out: Block, check: Check, method: string, value: string, expected: string): void {
    const found = this.#scope.fresh("found");
    const name = quote(check.name);
    out.nest(`for (const ${found} of ${check.found(value)})`, () => {
      const statement = [call(`r.${method}`, found, expected, name), ";"];
      if (check.kind !== "size") return out.add(statement);
      out.choose(
        `${found} !== null`,
        out.inner((inner) => inner.add(statement)),
        out.inner((inner) => inner.add([call("r.nullCount", expected, name), ";"])),
      );
    });
    this.#scope.release(found);
  }

  #bind(out: Block, code: string, local: string): string {
    if (code !== local) out.add([assign(`const ${local} =`, code), ";"]);
    return local;
  }

  // ---- presentations ---------------------------------------------------------------------------

  /** A value as a program sees it; where its targets are still to be read, what stands in for it. */
  #presented(out: Block, type: WireType, at: ReadAt, how: "whole" | "inPlace"): Read {
    const presentation = this.#emitter.presentation(type);
    const sent = asSent(type);
    const wire = this.#scope.fresh(`${at.local}Wire`);
    const read = this[how](out, sent, { ...at, local: wire });
    const isLater = how === "inPlace" && hasTargets(sent, this.#emitter.types);
    const isOnce = read.checks.every((check) => !isOfValue(check)) && read.code.length < 40;
    const code = isOnce ? read.code : this.#bind(out, read.code, wire);
    if (isOnce && code !== wire) this.#scope.release(wire);
    const checks = read.checks.map((check) => onWire(check, sent, code));
    const shown = isLater
      ? `r.unread<${this.#emitter.tsType(type)}>(${code})`
      : `r.fromWire(${presentation}, ${code}, ${quote(at.name)})`;
    return { code: shown, checks };
  }

  /** Targets of what stands in for a presented value, which then takes its place. */
  #presentedTargets(out: Block, type: WireType, code: string, at: ReadAt): Check[] {
    const presentation = this.#emitter.presentation(type);
    const sent = asSent(type);
    const wire = this.#scope.fresh("wire");
    const declared = sent.kind === "pointer" ? "let" : "const";
    out.add([
      `${declared} ${wire} = `,
      generic("r.wireOf", this.#emitter.tsType(sent)),
      `(${code});`,
    ]);
    const checks = this.deferred(out, sent, wire, at);
    out.add([`${code} = `, call("r.fromWire", presentation ?? "", wire, quote(at.name)), ";"]);
    return checks.map((check) => onWire(check, sent, wire));
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
    if (sizesBehind(type).some((size) => exprCode(size, at.fields, null) !== null)) return null;
    const body = new Block();
    const tried = new ValueReader(this.#emitter, this.#scope.copy());
    const read = tried.whole(body, target, { ...at, outer: body });
    return body.isEmpty ? read : null;
  }

  /** Puts a target in the place of its stand-in; `checks` takes what is still to be held against fields. */
  #fill(out: Block, type: PointerType, code: string, at: ReadAt, checks: Check[]): void {
    const isFull = type.class === "full";
    const fill = (body: Block, inner: ReadAt): void => {
      if (isFull) return this.#fullTarget(body, type, code, inner, checks);
      const local = this.#scope.fresh("target");
      const read = this.whole(body, type.target, { ...inner, local });
      const isInBox = type.class !== "ref" && isBoxed(type.target) && read.checks.length > 0;
      const value = isInBox ? this.#bind(body, read.code, local) : read.code;
      if (isInBox) checks.push(...this.#kept(body, inner.outer ?? out, read.checks, value, type));
      else checks.push(...read.checks);
      body.add([code, " = ", boxed(type, value), ";"]);
      if (type.class !== "ref") this.#scope.release(local);
    };
    if (type.class === "ref") return fill(out, at);
    const body = out.inner((inner) => fill(inner, { ...at, outer: at.outer ?? out }));
    const whenNull = out.inner((inner) => {
      if (!isFull) this.#nullCounts(inner, type, at);
    });
    out.choose(`${code} !== null`, body, whenNull);
  }

  /** Checks of a target that is another value than its pointer's: what they find is put on lists. */
  #kept(
    body: Block,
    outer: Block,
    checks: readonly Check[],
    value: string,
    { target }: PointerType,
  ): Check[] {
    const shown = throughSilent(target);
    const nullable = shown.kind === "pointer" && isNullable(shown) ? shown : null;
    return checks.map((check) => {
      const list = collect(body, check, value, nullable, this.#scope);
      outer.add(declaration(list, check));
      return { ...check, found: () => list, isList: true };
    });
  }

  /** What the counts of a NULL pointer's target are checked for, where they are known before it. */
  #nullCounts(out: Block, type: PointerType, at: ReadAt): void {
    for (const size of sizesBehind(type)) {
      const isCarried = at.decided != null && isSameExpr(size, at.decided.expr);
      const expected = isCarried ? null : exprCode(size, at.fields, reading(at));
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
      !isPresented(target) &&
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
        const isInBox = isBoxed(type.target) && read.checks.length > 0;
        const value = isInBox ? this.#bind(inner, read.code, local) : read.code;
        const own = read.checks.filter((check) => isInBox || !isOfValue(check));
        const left = isInBox ? own : this.settle(inner, own, value, null, at.fields);
        const kept = this.#kept(inner, at.outer ?? out, left, value, type);
        const shared = read.checks.filter((check) => !own.includes(check));
        checks.push(...[...kept, ...shared].map((check) => ({ ...check, name: at.name })));
        result = boxed(type, value);
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
      // A handle of any type is what is read where no type is stated.
      const typed = plan.name === anyHandle ? "" : `<${this.#emitter.typeSymbol(type.name)}>`;
      return plain(`r.${method}${typed}(${name})`);
    }
    const isBody = at.sizes !== undefined;
    const read = this.#emitter.function("read", type.name, isBody ? "Body" : "");
    return this.#entered(out, isBody ? `${read}(r, ${at.sizes.join(", ")})` : `${read}(r)`, at);
  }

  #union(out: Block, name: string, switchIs: Expr, at: ReadAt): Read {
    const { code } = this.#entered(out, `${this.#emitter.function("read", name, "")}(r)`, at);
    const found = (value: string): string => switchTag(name, value, this.#emitter);
    const check: Check = { expr: switchIs, kind: "tag", union: name, found, name: at.name };
    return { code, checks: [check] };
  }

  #entered(out: Block, code: string, at: ReadAt): Read {
    if (at.name === "") return plain(code);
    out.add([call("r.enter", quote(at.name)), ";"]);
    out.add([assign(`const ${at.local} =`, code), ";"]);
    out.add("r.leave();");
    return plain(at.local);
  }
}
