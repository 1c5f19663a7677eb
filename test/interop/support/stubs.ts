// Seeded requests and responses of every operation of an interface, in every syntax and byte order.
import {
  encodeStub,
  type InterfacePlan,
  type OperationPlan,
  type StructValue,
  type Syntax,
  type WirePlan,
} from "@msrpc/wire";
import { PlanValues } from "./plan-values.ts";
import { Random } from "./random.ts";

export interface Form {
  readonly syntax: Syntax;
  readonly bigEndian: boolean;
}

export const forms: readonly Form[] = [
  { syntax: "ndr", bigEndian: false },
  { syntax: "ndr", bigEndian: true },
  { syntax: "ndr64", bigEndian: false },
];

export function formName({ syntax, bigEndian }: Form): string {
  return `${syntax === "ndr" ? "NDR" : "NDR64"}${bigEndian ? " big-endian" : ""}`;
}

/** A call's request and response, the response in the light of the request. */
export interface Call {
  readonly operation: OperationPlan;
  readonly form: Form;
  readonly request: Uint8Array;
  readonly response: Uint8Array;
  readonly requestValue: StructValue;
  readonly responseValue: StructValue;
}

/** What the documents fix: CLUSTER_OPERATIONAL_VERSION_INFO states its size and has a reserved field. */
const fixed: StructValue = { dwSize: 20, dwReserved: 0 };

/** The same values in every form, for each operation that has a wire form. */
export function* callsOf(
  plan: WirePlan,
  { operations }: InterfacePlan,
  seed: number,
  wanted: readonly Form[] = forms,
): Generator<Call> {
  for (const operation of operations) {
    if (operation.form === "absent") continue;
    const values = new PlanValues(plan, new Random(seed * 1009 + operation.opnum), fixed);
    const requestValue = values.request(operation);
    const responseValue = values.response(operation, requestValue);
    for (const form of wanted) {
      const request = encodeStub(plan, operation, "in", requestValue, form);
      const options = { ...form, request: requestValue };
      const response = encodeStub(plan, operation, "out", responseValue, options);
      yield { operation, form, request, response, requestValue, responseValue };
    }
  }
}
