/** Interfaces served by their plans: descriptors whose codecs interpret, and handlers for all operations. */
import { statusesOf } from "@msrpc/codegen";
import {
  type AnyOperation,
  type CallContext,
  defineInterface,
  type InterfaceDescriptor,
  type Router,
} from "@msrpc/rpc";
import {
  decodeStub,
  encodeStub,
  type OperationPlan,
  type StructValue,
  type WirePlan,
} from "@msrpc/wire";
import type { FoundInterface } from "../capture/interfaces.ts";
import type { FoundOperation } from "../find.ts";

/** Parts of a request: each takes many times the octets that it came in. */
const mostParts = 200_000;

/** A message as the interpreter has it. */
interface Message {
  readonly value: StructValue;
}

/** Answers any operation of an interface. @throws RpcFault to answer with a fault */
export type InterpretedHandler = (
  found: FoundOperation,
  request: StructValue,
  context: CallContext,
) => StructValue;

/** Serves an interface by its plan, with one handler for all its operations. */
export function serveInterpreted(
  router: Router,
  { found, interface: plan }: FoundInterface,
  handler: InterpretedHandler,
): void {
  const handlers: Record<string, (request: object, context: CallContext) => object> = {};
  for (const operation of plan.operations) {
    if (operation.form === "absent") continue;
    const statuses = statusesOf(found.overlay, plan.name, operation);
    const where = { plan: found.plan, interface: plan, operation, statuses };
    handlers[keyOf(operation)] = (request, context) => ({
      value: handler(where, (request as Message).value, context),
    });
  }
  const descriptor = descriptorOf(found.plan, plan);
  router.serve(descriptor, handlers as Parameters<Router["serve"]>[1], { minimumLevel: "none" });
}

/** Two operations may have one name where they don't differ in more than their opnum. */
function keyOf({ name, opnum }: OperationPlan): string {
  return `${opnum} ${name}`;
}

function descriptorOf(
  plan: WirePlan,
  { name, uuid, version, operations }: FoundInterface["interface"],
): InterfaceDescriptor {
  const called = operations.filter(({ form }) => form === "call");
  return defineInterface({
    name,
    uuid,
    version,
    operations: Object.fromEntries(called.map((each) => [keyOf(each), operationOf(plan, each)])),
  });
}

function operationOf(plan: WirePlan, operation: OperationPlan): AnyOperation {
  const { name, opnum, semantics } = operation;
  return {
    name,
    opnum,
    members: ["value"],
    empty: () => ({ value: {} }),
    ...(semantics.idempotent && { idempotent: true as const }),
    ...(semantics.maybe && { maybe: true as const }),
    decodeRequest(r): Message {
      const { syntax, byteOrder } = r;
      const stub = r.bytes(r.remaining, "stub");
      const options = { syntax, bigEndian: byteOrder === "big", maxNodes: mostParts };
      const { value, fault } = decodeStub(plan, operation, "in", stub, options);
      if (fault !== null) throw fault;
      return { value };
    },
    encodeResponse(w, response, request) {
      const { syntax, byteOrder } = w;
      const stub = encodeStub(plan, operation, "out", (response as Message).value, {
        syntax,
        bigEndian: byteOrder === "big",
        request: (request as Message).value,
      });
      w.bytes(stub, "stub");
    },
    // Clients of plans call associations as they are: `call-once.ts`.
    encodeRequest: unused,
    decodeResponse: unused,
  };
}

function unused(): never {
  throw new Error("an interpreted descriptor is a server's");
}
