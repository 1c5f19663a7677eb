/** For tests that hold generated code against the interpreter: the same call as either sees it. */
import type { Direction, OperationPlan, StructValue } from "@msrpc/wire";
import type { EmitInput } from "../model/input.ts";
import { isAbsent, operationEntry } from "../model/operation.ts";
import { Registry } from "../model/registry.ts";
import { Converter, type FindPresentation, type MakeHandle } from "./convert.ts";

export interface OperationBridge {
  readonly plan: OperationPlan;
  /** The descriptor's name: `clusapi3`. */
  readonly interface: string;
  /** The operation's key in the descriptor: `openGroup`. */
  readonly key: string;
  /** A stub's value, as `decodeStub` gives it, as the generated decoder gives it. Pipes are left out. */
  toGenerated(direction: Direction, value: StructValue): Record<string, unknown>;
  /** A message of generated code as `encodeStub` takes it. */
  fromGenerated(direction: Direction, message: object): StructValue;
}

const noPresentation: FindPresentation = (as) => {
  throw new Error(`${JSON.stringify(as)} is not among the presentations`);
};

/** Every operation of a package whose plans have their corrections. */
export function bridgeOperations(
  input: EmitInput,
  handle: MakeHandle,
  presentation: FindPresentation = noPresentation,
): OperationBridge[] {
  const registry = new Registry(input);
  return registry.interfaces.flatMap((entry) =>
    entry.plan.operations
      .filter((plan) => !isAbsent(plan, entry))
      .map((plan): OperationBridge => {
        const operation = operationEntry(plan, entry, registry);
        const recordOf = (direction: Direction): typeof operation.request =>
          direction === "in" ? operation.request : operation.response;
        const converter = (): Converter =>
          new Converter(registry, entry.unit, handle, presentation);
        return {
          plan,
          interface: entry.ts,
          key: operation.ts,
          toGenerated: (direction, value) => converter().toMembers(recordOf(direction), value),
          fromGenerated: (direction, message) =>
            converter().toFields(recordOf(direction), message as Record<string, unknown>),
        };
      }),
  );
}
