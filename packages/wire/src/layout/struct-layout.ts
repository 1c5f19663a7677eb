/** Where the fields of a structure and the parts of a union stand. */
import type { ArmPlan, FieldPlan, Layout, PrimitiveType, NamedType } from "../plan.ts";
import { type Syntax, alignUp } from "../syntax.ts";
import { type Types, exact, layoutOf, startAlign } from "./type-layout.ts";

export interface StructLayout extends Layout {
  /** Of each field from the structure's aligned beginning; null from the first one that varies on. */
  readonly offsets: readonly (number | null)[];
}

/**
 * The layout of a structure. In NDR64 it is padded at its end to a multiple of its alignment
 * ([MS-RPCE] 2.2.5.3.4.1); in NDR 2.0 it ends with its last field.
 */
export function structLayout(
  fields: readonly FieldPlan[],
  types: Types,
  syntax: Syntax,
): StructLayout {
  const offsets: (number | null)[] = [];
  let align = 1;
  let end: number | null = 0;
  for (const { type } of fields) {
    const field = layoutOf(type, types, syntax);
    align = Math.max(align, field.align);
    const offset: number | null =
      end === null ? null : alignUp(end, startAlign(type, types, syntax));
    offsets.push(offset);
    end = offset === null || field.size === null ? null : exact(offset + field.size);
  }
  if (end !== null && syntax === "ndr64") end = alignUp(end, align);
  return { align, size: end, offsets };
}

export interface UnionLayout extends Layout {
  /** Where every arm begins is a multiple of it; null: each arm begins where it aligns by itself. */
  readonly armAlign: number | null;
}

/**
 * The layout of a union. The alignment of an encapsulated one counts its discriminant, since that is a
 * member of it; that of the other kind doesn't.
 */
export function unionLayout(
  union: {
    readonly arms: readonly ArmPlan[];
    readonly switchType: PrimitiveType | NamedType;
    readonly isEncapsulated: boolean;
    readonly isMsUnion: boolean;
  },
  types: Types,
  syntax: Syntax,
): UnionLayout {
  const tag = layoutOf(union.switchType, types, syntax);
  const arms = union.arms.map((arm) =>
    arm.field ? layoutOf(arm.field.type, types, syntax) : { align: 1, size: 0 },
  );
  const widest = arms.reduce((most, arm) => Math.max(most, arm.align), 1);
  const armAlign = syntax === "ndr64" || union.isMsUnion ? widest : null;
  const ends = arms.map((arm) => armEnd(arm, armAlign));
  const first = ends[0] ?? null;
  // In NDR 2.0 an arm that aligns wider than its discriminant moves with where the union begins.
  const moves = syntax === "ndr" && widest > tag.align;
  const size = !moves && ends.every((end) => end === first) ? first : null;
  return { align: union.isEncapsulated ? Math.max(widest, tag.align) : widest, size, armAlign };

  function armEnd(arm: Layout, common: number | null): number | null {
    if (arm.size === null || tag.size === null) return null;
    return alignUp(tag.size, common ?? arm.align) + arm.size;
  }
}
