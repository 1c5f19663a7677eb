/**
 * Which operations hold an opnum but are never sent.
 *
 * Documents of the Open Specifications keep opnums in order by placeholders named
 * `Opnum12NotUsedOnWire`, `Opnum12NotUsedByProtocol`, `Opnum12NotImplemented`, `Opnum12Reserved`,
 * sometimes with a prefix (`Lsar_Opnum4NotUsedOnWire`). A placeholder
 * under another name is planned as an operation like any other.
 */
import type { OperationSymbol } from "@msrpc/idl";

const placeholder = /Opnum\w*(UsedOnWire|UsedBy|NotUsed|Unused|NotImplemented|Reserved)/i;

/** Whether an operation is a placeholder by its name. */
export function isPlaceholder(operation: OperationSymbol): boolean {
  return placeholder.test(operation.name);
}
