/** Whether properties can be set as a client wants them ([MS-CMRP] 3.1.1.9): their names, formats and ranges. */
import {
  Format,
  type Property,
  PropertyListError,
  type PropertyValue,
  readPropertyList,
} from "@msrpc/cluster-data";
import { Status } from "@msrpc/ms-cmrp";
import { RpcError } from "@msrpc/rpc";
import { fold } from "../registry/key.ts";
import { checkValueName } from "../registry/names.ts";
import type { PropertyDefinition } from "./schema.ts";
import type { Scope } from "./scope.ts";

/** The list that a client gave: one property at least. @throws RpcError ERROR_INVALID_DATA */
export function givenProperties(octets: Uint8Array): Property[] {
  try {
    const properties = readPropertyList(octets);
    if (properties.length === 0) throw new PropertyListError("the list has no property");
    return properties;
  } catch (error) {
    if (!(error instanceof PropertyListError)) throw error;
    throw new RpcError(Status.ERROR_INVALID_DATA, { detail: error.message, cause: error });
  }
}

/** @throws RpcError ERROR_INVALID_PARAMETER */
export function checkProperties(scope: Scope, properties: readonly Property[]): void {
  for (const { name, value } of properties) {
    const definition = scope.schema.get(fold(name));
    if (definition !== undefined) checkKnown(definition, value);
    else if (!scope.isOpen) throw refused(name, "isn't known");
    else if (scope.taken.has(fold(name))) throw refused(name, "is a common property");
    else checkValueName(name);
    if (value?.format === Format.ExpandSz && value.expanded !== undefined) {
      throw refused(name, "comes with what it expands to");
    }
  }
}

function checkKnown(definition: PropertyDefinition, value: PropertyValue | null): void {
  const { name, otherwise, isReadOnly } = definition;
  if (isReadOnly === true) throw refused(name, "can't be set");
  if (value === null) return;
  if (value.format !== otherwise.format) throw refused(name, "has another format");
  if (value.format === Format.Dword && !isInRange(definition, value.number)) {
    throw refused(name, `can't be ${value.number}`);
  }
}

/** The default may lie outside the range: "no limit" beside the hours of a day. */
function isInRange(definition: PropertyDefinition, number: number): boolean {
  const { otherwise, minimum = 0, maximum = 0xffff_ffff } = definition;
  if (otherwise.format === Format.Dword && otherwise.number === number) return true;
  return number >= minimum && number <= maximum;
}

function refused(name: string, why: string): RpcError {
  return new RpcError(Status.ERROR_INVALID_PARAMETER, { detail: `the property ${name} ${why}` });
}
