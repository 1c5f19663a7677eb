/** Reads unions: the discriminant, then the arm that it selects (C706 14.3.8, [MS-RPCE] 2.2.4.5). */
import { layoutOf, namedType } from "../layout/type-layout.ts";
import type { Expr, UnionPlan } from "../plan.ts";
import { type DecodePlace, type Decoder, correlate, join, withDeferred } from "./decoder.ts";
import { emptyScope } from "./evaluate.ts";
import { InterpretError } from "./fault.ts";
import type { UnionValue, Value } from "./value.ts";

export function decodeUnion(
  decoder: Decoder,
  name: string,
  switchIs: Expr | null,
  place: DecodePlace,
  set: (value: Value) => void,
): void {
  const plan = namedType(decoder.types, name);
  if (plan.kind !== "union") throw new Error(`The plan's type ${name} is no union`);
  const { reader, tree, settings } = decoder;
  const { syntax } = settings;
  if (syntax === "ndr64" || (place.isElement && plan.isMsUnion)) {
    reader.align(plan.layout[syntax].align);
  }
  withDeferred(place, (deferred) => {
    const inUnion = { deferred, counts: null, isElement: false, scope: emptyScope };
    const tagPlace = { ...inUnion, path: join(place.path, "<tag>") };
    tree.open(place.path, reader.offset);
    let tag: UnionValue["tag"] = 0;
    decoder.decode(plan.switchType, tagPlace, (found) => {
      tag = found as UnionValue["tag"];
    });
    const size = layoutOf(plan.switchType, decoder.types, syntax).size ?? 0;
    const offset = reader.offset - size;
    correlate(decoder, place, switchIs, { value: BigInt(tag), offset }, "discriminant");
    const arm = armOf(plan, tag);
    if (!arm) {
      const message = `union ${name} has no arm for ${tag}`;
      throw new InterpretError("discriminant", place.path, offset, message);
    }
    const armAlign = plan.armAlign[syntax];
    if (armAlign !== null) reader.align(armAlign);
    const value: UnionValue = { tag, arm: arm.field?.name ?? null, value: null };
    set(value);
    if (arm.field) {
      const armPlace = { ...inUnion, path: join(place.path, arm.field.name) };
      decoder.decode(arm.field.type, armPlace, (found) => (value.value = found));
    }
    tree.close(reader.offset);
  });
}

/** The arm that a discriminant selects: the one labelled with it, or the default. */
export function armOf(
  plan: UnionPlan,
  tag: UnionValue["tag"],
): UnionPlan["arms"][number] | undefined {
  const label = String(BigInt(tag));
  return (
    plan.arms.find((arm) => arm.labels.includes(label)) ?? plan.arms.find((arm) => arm.isDefault)
  );
}
