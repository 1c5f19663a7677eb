/** Commands of batches as tests write them. */
import { type BatchCommand, BatchCommandType as Type } from "@msrpc/cluster-data";
import { RegistryType } from "@msrpc/ms-cmrp";
import { utf16 } from "./registry-support.ts";

export const nothing = new Uint8Array(0);

export function command(
  type: Type,
  name: string,
  data: Uint8Array = nothing,
  valueType: number = data === nothing ? 0 : RegistryType.Sz,
): BatchCommand {
  return { type, name, valueType, data };
}

export function set(name: string, text: string): BatchCommand {
  return command(Type.SetValue, name, utf16(text));
}
