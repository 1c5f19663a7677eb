/** The descriptor of an interface: clients and servers are typed from it. */
import type { Strictness } from "@msrpc/ndr";
import { isUuid } from "@msrpc/ndr";
import type { AnyOperation } from "./operation.ts";

export interface InterfaceVersion {
  readonly major: number;
  readonly minor: number;
}

export interface InterfaceDescriptor<
  Operations extends Readonly<Record<string, AnyOperation>> = Readonly<
    Record<string, AnyOperation>
  >,
> {
  /** As in the IDL. */
  readonly name: string;
  /** Lower case, without braces. */
  readonly uuid: string;
  readonly version: InterfaceVersion;
  /** Target level of [MS-RPCE] 3.1.1.5.3 that stubs are held to. Default: 6. */
  readonly strictness?: Strictness;
  readonly operations: Operations;
  /** Opnums that are taken and have no wire form: a server answers them as unknown. */
  readonly absent?: readonly number[];
  /** Names of status values for messages: `{ 5007: "ERROR_RESOURCE_NOT_FOUND" }`. */
  readonly statusNames?: Readonly<Record<number, string>>;
}

/**
 * Checks a descriptor and gives it back.
 *
 * @throws TypeError for a malformed UUID, an opnum used twice, or a close operation that is not there
 */
export function defineInterface<Operations extends Readonly<Record<string, AnyOperation>>>(
  descriptor: InterfaceDescriptor<Operations>,
): InterfaceDescriptor<Operations> {
  const { name, uuid, operations } = descriptor;
  if (!isUuid(uuid)) throw new TypeError(`interface ${name}: ${uuid} is no UUID`);
  const taken = new Map<number, string>();
  for (const opnum of descriptor.absent ?? []) taken.set(opnum, "an absent operation");
  for (const operation of Object.values(operations)) {
    const other = taken.get(operation.opnum);
    if (other !== undefined) {
      throw new TypeError(
        `interface ${name}: opnum ${operation.opnum} is ${other} and ${operation.name}`,
      );
    }
    taken.set(operation.opnum, operation.name);
    const close = operation.opens?.close;
    if (close !== undefined && operations[close]?.closes === undefined) {
      throw new TypeError(`interface ${name}: ${operation.name} has no close operation ${close}`);
    }
  }
  return descriptor;
}

/** @throws TypeError for what is no descriptor, as an import that isn't there */
export function checkDescriptor(descriptor: InterfaceDescriptor): void {
  if (typeof descriptor?.operations === "object" && descriptor.operations !== null) return;
  throw new TypeError("the first argument is no interface's descriptor: generated code has it");
}
