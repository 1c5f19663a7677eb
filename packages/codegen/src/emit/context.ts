/** What the emitters of one function share: the module, the names taken, the types. */
import type { TypePlan, WireType } from "@msrpc/wire";
import type { Unit } from "../model/input.ts";
import type { Registry, TypeEntry } from "../model/registry.ts";
import {
  asSent,
  elementOf,
  isNullable,
  isOctets,
  isText,
  presentationOf,
  throughSilent,
  typeOf,
  type Types,
} from "../model/wire-types.ts";
import type { As, PresentationOverlay } from "../overlay/overlay.ts";
import type { Module, Symbol } from "../print/module.ts";

export class Emitter {
  readonly module: Module;
  readonly registry: Registry;
  readonly unit: Unit;
  readonly #place: string;
  #isTrial = false;

  /** `place` is the operation or type at hand, for diagnostics. */
  constructor(module: Module, registry: Registry, unit: Unit, place: string) {
    this.#place = place;
    this.module = module;
    this.registry = registry;
    this.unit = unit;
  }

  get types(): Types {
    return this.unit.plan.types;
  }

  /** Whatever reads what is written does so at level 6.0. */
  get isStrict(): boolean {
    return this.registry.interfaces.every(({ overlay }) => overlay.strictness !== 5);
  }

  /** Emits what may be thrown away, so that nothing is refused on its account. */
  tried<T>(emit: () => T): T {
    const before = this.#isTrial;
    this.#isTrial = true;
    const result = emit();
    this.#isTrial = before;
    return result;
  }

  planOf(name: string): TypePlan {
    return typeOf(this.types, name);
  }

  entry(name: string): TypeEntry {
    return this.registry.entry(this.unit, name);
  }

  /** `writeEnumList`, imported. */
  function(verb: "write" | "read", name: string, part: "" | "Targets" | "Counts" | "Body"): string {
    const entry = this.entry(name);
    return this.module.value(this.registry.symbol(entry, `${verb}${entry.ts}${part}`));
  }

  typeSymbol(name: string): string {
    const entry = this.entry(name);
    return this.module.type(this.registry.symbol(entry, entry.ts));
  }

  ndrType(name: "NdrReader" | "NdrWriter" | "ContextHandle" | "InterfacePointer"): string {
    return this.module.type({ name, from: { package: "@msrpc/ndr" } });
  }

  /** Checks of counts that are not at hand where what they are held against is: targets are read by another function. */
  refuseChecks(checks: readonly { readonly name: string }[]): void {
    if (this.#isTrial) return;
    for (const { name } of checks) {
      const where = name === "" ? this.#place : `${this.#place}, ${name}`;
      this.registry.refuse(this.unit, "A count in place that a pointer's target states", where);
    }
  }

  /** The functions of the type are called between `enter` and `leave`. */
  isEntered(type: WireType): boolean {
    if (type.kind !== "named") return type.kind === "union";
    const { plan, isUuid } = this.entry(type.name);
    return (plan.kind === "struct" && !isUuid) || plan.kind === "union";
  }

  /** The presentation that an overlay gives the type, imported; null where a program sees what is sent. */
  presentation(type: WireType): string | null {
    const as = presentationOf(type);
    if (as === null) return null;
    if (typeof as !== "string") return this.module.value(presentationSymbol(as));
    return this.module.value({ name: asName(as), from: { package: "@msrpc/ndr" } });
  }

  /** The TypeScript type of a value. */
  tsType(type: WireType): string {
    const as = presentationOf(type);
    if (as !== null) return this.#presentedType(as);
    switch (type.kind) {
      case "primitive":
        if (type.name === "boolean") return "boolean";
        return ["u64", "i64", "u3264", "i3264"].includes(type.name) ? "bigint" : "number";
      case "named": {
        const entry = this.entry(type.name);
        if (entry.isUuid) return "string";
        if (entry.plan.kind === "enum") return "number";
        const name = this.typeSymbol(type.name);
        return entry.plan.kind === "contextHandle" ? `${name} | null` : name;
      }
      case "union":
        return this.typeSymbol(type.name);
      case "pointer": {
        const target = this.tsType(type.target);
        if (type.class === "ref") return target;
        return isBoxed(type.target) ? `{ target: ${target} } | null` : `${target} | null`;
      }
      case "array": {
        if (isOctets(type)) return "Uint8Array";
        if (isText(type)) return "string";
        const element = this.tsType(elementOf(type));
        return element.includes(" | ") ? `(${element})[]` : `${element}[]`;
      }
      case "string":
        return "string";
      case "interfacePointer": {
        const pointer = this.ndrType("InterfacePointer");
        const isKnown = type.interface !== null && type.iidIs === null;
        return isKnown ? `${pointer}<${quote(type.interface)}>` : pointer;
      }
      case "pipe":
        return `AsyncIterable<${this.tsType(type.element)}>`;
    }
  }

  #presentedType(as: As): string {
    if (typeof as === "string") return "string";
    const presented = this.module.type({ name: "Presented", from: { package: "@msrpc/ndr" } });
    return `${presented}<typeof ${this.module.type(presentationSymbol(as))}>`;
  }
}

/** A local name that no variable has. */
function asName(name: string): string {
  return /^as[A-Z]/.test(name) ? name : `as${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

/** Paths are from the root of the generated modules. */
function presentationSymbol({ module, name }: PresentationOverlay): Symbol {
  const from = /^\.{1,2}\//.test(module)
    ? { file: module.replace(/^\.\//, "") }
    : { package: module };
  const as = asName(name);
  return as === name ? { name, from } : { name, as, from };
}

/** A target that may be `null` itself stands in an object, so that both kinds of NULL can be told apart. */
export function isBoxed(target: WireType): boolean {
  return isNullable(asSent(throughSilent(target)));
}

/** Names of local variables of one function. */
export class Scope {
  readonly #taken: Set<string>;
  /** The number to try first, by the beginning of a name: all below are taken. */
  readonly #next = new Map<string, number>();

  constructor(taken: Iterable<string> = []) {
    this.#taken = new Set(taken);
  }

  /** For code that may be thrown away. */
  copy(): Scope {
    return new Scope(this.#taken);
  }

  fresh(base: string): string {
    let name = base;
    let number = this.#next.get(base) ?? 1;
    if (number > 1) name = `${base}${number}`;
    while (this.#taken.has(name)) name = `${base}${++number}`;
    this.#next.set(base, number);
    this.#taken.add(name);
    return name;
  }

  /** A loop variable: i, j, k... */
  index(): string {
    return this.fresh(["i", "j", "k", "m", "n"].find((name) => !this.#taken.has(name)) ?? "index");
  }

  release(name: string): void {
    this.#taken.delete(name);
    const base = name.replace(/[0-9]+$/, "");
    const number = Number(name.slice(base.length) || 1);
    this.#next.set(base, Math.min(number, this.#next.get(base) ?? number));
  }
}

/** A text literal. */
export function quote(text: string): string {
  return JSON.stringify(text);
}

/** The parameter is used: no member, key or text of the same name. */
export function speaksOf(name: string, code: string): boolean {
  return new RegExp(`(?<![\\w."])${name}(?=[.,)])`).test(code);
}
