/**
 * Arbitrary calls of an operation, for fast-check: values keyed by IDL names, as the interpreter of
 * `@msrpc/wire` takes and gives them, that agree with all that the plan says.
 */
import {
  type Choices,
  drawCall,
  type DrawnCall,
  type DrawOptions,
  drawType,
  type OperationPlan,
  type Value,
  type WirePlan,
  type WireType,
} from "@msrpc/wire";
import * as fc from "fast-check";

export type { DrawnCall as Call } from "@msrpc/wire";

/** Calls of an operation: request and response that belong together. */
export function calls(
  plan: Pick<WirePlan, "types">,
  operation: OperationPlan,
  options: DrawOptions = {},
): fc.Arbitrary<DrawnCall> {
  return fc.gen().map((gen) => drawCall(plan, operation, choicesOf(gen), options));
}

/** Values of a type, as they stand by themselves: `{ kind: "named", name: "_ENUM_LIST" }`. */
export function values(
  plan: Pick<WirePlan, "types">,
  type: WireType,
  options: DrawOptions = {},
): fc.Arbitrary<Value> {
  return fc.gen().map((gen) => drawType(plan, type, choicesOf(gen), options));
}

/** Choices that fast-check makes, and makes smaller where a test fails. */
function choicesOf(gen: fc.GeneratorValue): Choices {
  const draw = <T>(arbitrary: fc.Arbitrary<T>): T => gen(() => arbitrary);
  return {
    integer: (min, max) => draw(fc.integer({ min, max })),
    bigInteger: (min, max) => draw(fc.bigInt({ min, max })),
    integers({ least: minLength, most: maxLength }, ranges) {
      const unit = fc.oneof(...ranges.map(([min, max]) => fc.integer({ min, max })));
      return draw(fc.array(unit, { minLength, maxLength }));
    },
    real: (bits) => draw(bits === 32 ? fc.float({ noNaN: true }) : fc.double({ noNaN: true })),
  };
}
