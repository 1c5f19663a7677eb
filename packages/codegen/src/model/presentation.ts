/** Types that a program sees in another form than they are sent in: which overlay says so, of which uses. */
import type { ArmPlan, FieldPlan, OperationPlan, TypePlan, WirePlan, WireType } from "@msrpc/wire";
import { own } from "../names/names.ts";
import type { LoadedOverlay } from "../overlay/load-overlay.ts";
import type { As, MemberOverlay } from "../overlay/overlay.ts";
import { typeOverlay } from "../overlay/type-overlay.ts";
import type { EmitInput, Unit } from "./input.ts";
import { isOctets, isText, showAs } from "./wire-types.ts";

/** The units with the presentations of all overlays put to the types in use. */
export function presentUnits(input: EmitInput): Unit[] {
  return input.units.map((unit) => {
    const presenting = new Presenting(unit, input);
    return { ...unit, plan: presenting.plan(unit.plan) };
  });
}

/** What members of a record say of themselves, by name. */
type Members = Readonly<Record<string, MemberOverlay>> | undefined;

class Presenting {
  readonly #unit: Unit;
  readonly #input: EmitInput;

  constructor(unit: Unit, input: EmitInput) {
    this.#unit = unit;
    this.#input = input;
  }

  plan(plan: WirePlan): WirePlan {
    const { overlay } = this.#unit;
    const interfaces = plan.interfaces.map((entry) => {
      const overlays = own(overlay.overlay.interfaces, entry.name)?.operations;
      const operations = entry.operations.map((operation) =>
        this.#operation(operation, own(overlays, operation.name)?.params),
      );
      return { ...entry, operations };
    });
    const types = Object.entries(plan.types).map(
      ([name, type]) => [name, this.#type(type)] as const,
    );
    return { ...plan, interfaces, types: Object.fromEntries(types) };
  }

  #operation(operation: OperationPlan, members: Members): OperationPlan {
    const { overlay } = this.#unit;
    const { result } = operation;
    const params = operation.params.map((param) => this.#member(param, members, overlay));
    const as = own(members, "return")?.as ?? null;
    return {
      ...operation,
      params,
      result: result === null ? null : this.#use(result, as, overlay),
    };
  }

  /** Members of a type are what the overlay beside its declaration makes of them. */
  #type(plan: TypePlan): TypePlan {
    const home = this.#homeOf(plan);
    const { fields: members } = typeOverlay(plan, home);
    if (plan.kind === "struct") {
      const fields = plan.fields.map((field): FieldPlan => this.#member(field, members, home));
      return { ...plan, fields };
    }
    if (plan.kind !== "union") return plan;
    const arms = plan.arms.map((arm): ArmPlan => {
      return arm.field === null ? arm : { ...arm, field: this.#member(arm.field, members, home) };
    });
    return { ...plan, arms };
  }

  #member<T extends { readonly name: string; readonly type: WireType }>(
    member: T,
    members: Members,
    by: LoadedOverlay,
  ): T {
    return { ...member, type: this.#use(member.type, own(members, member.name)?.as ?? null, by) };
  }

  /** `stated` is of this one use, and goes to what stands behind its pointers. */
  #use(type: WireType, stated: As | null, by: LoadedOverlay): WireType {
    if (stated !== null && isShownWhole(type))
      return stated === "wire" ? type : showAs(type, stated);
    const within = this.#within(type, stated, by);
    const as = stated === null ? this.#ofType(type, by) : null;
    return as === null || as === "wire" || as === "uuid" ? within : showAs(within, as);
  }

  #within(type: WireType, stated: As | null, by: LoadedOverlay): WireType {
    switch (type.kind) {
      case "pointer":
        return { ...type, target: this.#use(type.target, stated, by) };
      case "array":
      case "pipe":
        return { ...type, element: this.#use(type.element, stated, by) };
      default:
        return type;
    }
  }

  /** What is said of the type under its name: by the overlay at hand, else where the type is declared. */
  #ofType(type: WireType, by: LoadedOverlay): As | null {
    const { presents } = type;
    if (presents !== undefined) {
      const all = [by, ...this.#input.imports.map(({ overlay }) => overlay)];
      const said = all.map(({ overlay }) => own(overlay.types, presents)?.as);
      const found = said.find((as) => as !== undefined);
      if (found !== undefined) return found;
    }
    const plan =
      type.kind === "named" || type.kind === "union" ? this.#unit.plan.types[type.name] : undefined;
    if (plan === undefined) return null;
    return typeOverlay(plan, by).as ?? typeOverlay(plan, this.#homeOf(plan)).as ?? null;
  }

  #homeOf(plan: TypePlan): LoadedOverlay {
    const { file } = plan.place;
    const all = [...this.#input.imports, ...this.#input.units];
    return all.find((candidate) => candidate.file === file)?.overlay ?? this.#unit.overlay;
  }
}

/** A presentation of a member is one of its value: of the elements of an array, but of octets and text as a whole. */
function isShownWhole(type: WireType): boolean {
  if (type.kind === "array") return isOctets(type) || isText(type);
  return type.kind !== "pointer" && type.kind !== "pipe";
}
