/** How the values of properties stand in the registry: formats that it has no type for are kept as the next best one. */
import {
  Format,
  type ListedValue,
  listValueOf,
  octetsOf,
  type PropertyValue,
  type RegistryValue,
  typedValue,
} from "@msrpc/cluster-data";
import { RegistryType } from "@msrpc/ms-cmrp";

const types: Readonly<Record<PropertyValue["format"], number>> = {
  [Format.Binary]: RegistryType.Binary,
  [Format.Dword]: RegistryType.Dword,
  [Format.Sz]: RegistryType.Sz,
  [Format.ExpandSz]: RegistryType.ExpandSz,
  [Format.MultiSz]: RegistryType.MultiSz,
  [Format.UlargeInteger]: RegistryType.Qword,
  [Format.Long]: RegistryType.Dword,
  [Format.SecurityDescriptor]: RegistryType.Binary,
  [Format.LargeInteger]: RegistryType.Qword,
  [Format.Word]: RegistryType.Dword,
  [Format.FileTime]: RegistryType.Qword,
};

export function storedValue(value: PropertyValue): RegistryValue {
  const stored = value.format === Format.Word ? { ...value, format: Format.Dword } : value;
  return { type: types[value.format], data: octetsOf(stored) };
}

const formats: ReadonlyMap<number, PropertyValue["format"]> = new Map([
  [RegistryType.Sz, Format.Sz],
  [RegistryType.ExpandSz, Format.ExpandSz],
  [RegistryType.Dword, Format.Dword],
  [RegistryType.MultiSz, Format.MultiSz],
  [RegistryType.Qword, Format.UlargeInteger],
] as const);

/** A value of the registry as a property of the format that its type has; as octets where it isn't well formed. */
export function propertyValue({ type, data }: RegistryValue): PropertyValue {
  const format = formats.get(type) ?? Format.Binary;
  return readAs(format, data) ?? { format: Format.Binary, data };
}

/** A value of the registry as a property of a format; null where it can't be one. */
export function propertyValueAs(
  format: PropertyValue["format"],
  { type, data }: RegistryValue,
): PropertyValue | null {
  if (types[format] !== type) return null;
  return readAs(format, format === Format.Word ? data.subarray(0, 2) : data);
}

function readAs(format: PropertyValue["format"], data: Uint8Array): PropertyValue | null {
  const listed: ListedValue = { syntax: listValueOf(format), data };
  try {
    return typedValue([listed]);
  } catch {
    return null;
  }
}
