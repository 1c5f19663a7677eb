/** What properties an object has by itself ([MS-CMRP] 3.1.1.9): data that the engine works by. */
import { Format, type PropertyValue } from "@msrpc/cluster-data";
import { fold } from "../registry/key.ts";

export interface PropertyDefinition {
  /** Also the name of the registry value that keeps it. */
  readonly name: string;
  /** What it is while nobody has set it. Its format is that of the property. */
  readonly otherwise: PropertyValue;
  /** The range of a number. */
  readonly minimum?: number;
  readonly maximum?: number;
  /** Clients can't set it. */
  readonly isReadOnly?: true;
  /** A resource that is online goes by the former value until it is brought online again. */
  readonly needsRestart?: true;
}

/** Definitions by the folded name. */
export type Schema = ReadonlyMap<string, PropertyDefinition>;

export function schema(...definitions: readonly PropertyDefinition[]): Schema {
  return new Map(definitions.map((definition) => [fold(definition.name), definition]));
}

export const noSchema: Schema = schema();

/** A number from `minimum` to `maximum`. */
export function dword(
  name: string,
  otherwise: number,
  maximum = 0xffff_ffff,
  minimum = 0,
): PropertyDefinition {
  return { name, otherwise: { format: Format.Dword, number: otherwise }, minimum, maximum };
}

export function flag(name: string, otherwise: 0 | 1 = 0): PropertyDefinition {
  return dword(name, otherwise, 1);
}

export function sz(name: string, otherwise = ""): PropertyDefinition {
  return { name, otherwise: { format: Format.Sz, text: otherwise } };
}

export function expandSz(name: string): PropertyDefinition {
  return { name, otherwise: { format: Format.ExpandSz, text: "" } };
}

export function multiSz(name: string): PropertyDefinition {
  return { name, otherwise: { format: Format.MultiSz, texts: [] } };
}

export function binary(name: string): PropertyDefinition {
  return { name, otherwise: { format: Format.Binary, data: new Uint8Array(0) } };
}

export function ulargeInteger(name: string): PropertyDefinition {
  return { name, otherwise: { format: Format.UlargeInteger, number: 0n } };
}

export function fileTime(name: string): PropertyDefinition {
  return { name, otherwise: { format: Format.FileTime, number: 0n } };
}

export function readOnly(definition: PropertyDefinition): PropertyDefinition {
  return { ...definition, isReadOnly: true };
}

export function needsRestart(definition: PropertyDefinition): PropertyDefinition {
  return { ...definition, needsRestart: true };
}
