/** Values as they are written in a definition, and as properties and the registry have them. */
import { Format, type Property, type PropertyValue } from "@msrpc/cluster-data";
import { Status } from "@msrpc/ms-cmrp";
import { RpcError } from "@msrpc/rpc";
import { setProperties } from "../core/properties.ts";
import type { Transaction } from "../core/transaction.ts";
import type { PropertyDefinition } from "../property/schema.ts";
import { type ScopeName, scopeOf } from "../property/scope.ts";
import type { Subject } from "../property/subject.ts";
import { fold } from "../registry/key.ts";
import {
  type DefinedValue,
  type DefinedValues,
  DefinitionError,
  type DefinitionPath,
} from "./definition.ts";

/** Sets the properties that an object is defined with. @throws DefinitionError */
export function defineProperties(
  tx: Transaction,
  subject: Subject,
  {
    properties = {},
    privateProperties = {},
  }: {
    readonly properties?: DefinedValues | undefined;
    readonly privateProperties?: DefinedValues | undefined;
  },
  path: DefinitionPath,
): void {
  defineScope(tx, subject, "common", properties, [...path, "properties"]);
  defineScope(tx, subject, "private", privateProperties, [...path, "privateProperties"]);
}

function defineScope(
  tx: Transaction,
  subject: Subject,
  name: ScopeName,
  values: DefinedValues,
  path: DefinitionPath,
): void {
  const { schema } = scopeOf(tx.state, subject, name);
  for (const [key, value] of Object.entries(values)) {
    const at = [...path, key];
    const property: Property = { name: key, value: valueOf(value, schema.get(fold(key)), at) };
    refusing(at, () => setProperties(tx, subject, name, [property]));
  }
}

/** A refusal of a command, as what is wrong with the definition. @throws DefinitionError */
export function refusing<T>(path: DefinitionPath, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    const name = Object.entries(Status).find(([, status]) => status === error.status)?.[0];
    const problem = error.message.replace(/^status \d+/, name ?? "$&");
    throw new DefinitionError(path, problem, { cause: error });
  }
}

type FormatOf<T> = Exclude<DefinedValue, string | number | boolean | readonly string[]> & T;

const formats: Readonly<Record<FormatOf<object>["type"], PropertyValue["format"]>> = {
  sz: Format.Sz,
  expandSz: Format.ExpandSz,
  binary: Format.Binary,
  dword: Format.Dword,
  qword: Format.UlargeInteger,
  multiSz: Format.MultiSz,
};

/** @throws DefinitionError where the value can't be of the property's format */
export function valueOf(
  value: DefinedValue,
  definition: PropertyDefinition | undefined,
  path: DefinitionPath,
): PropertyValue {
  const isTyped = typeof value === "object" && "type" in value;
  const plain = isTyped ? value.value : value;
  const said = isTyped ? formats[value.type] : definition?.otherwise.format;
  return valueAs(said ?? formatOf(plain, path), plain, path);
}

/** What a value is that nothing is known of but itself. */
function formatOf(
  plain: string | number | boolean | readonly string[],
  path: DefinitionPath,
): PropertyValue["format"] {
  if (typeof plain === "string") return Format.Sz;
  if (typeof plain !== "number") return typeof plain === "boolean" ? Format.Dword : Format.MultiSz;
  if (isDword(plain)) return Format.Dword;
  throw new DefinitionError(path, `${plain} fits no DWORD: give it a type, as { type, value }`);
}

function valueAs(
  format: PropertyValue["format"],
  plain: string | number | boolean | readonly string[],
  path: DefinitionPath,
): PropertyValue {
  const refused = (wanted: string): DefinitionError =>
    new DefinitionError(path, `${wanted} is needed, and this is ${JSON.stringify(plain)}`);
  switch (format) {
    case Format.Sz:
    case Format.ExpandSz:
      if (typeof plain !== "string") throw refused("a text");
      return { format, text: plain };
    case Format.MultiSz:
      if (typeof plain !== "object") throw refused("a list of texts");
      return { format, texts: plain };
    case Format.Dword:
    case Format.Long:
    case Format.Word: {
      const number = Number(plain);
      const isNumber = typeof plain === "number" || typeof plain === "boolean";
      if (!isNumber || !isDword(number)) throw refused("a number from 0 to 4294967295");
      return { format, number };
    }
    case Format.UlargeInteger:
    case Format.LargeInteger:
    case Format.FileTime: {
      const number = bigOf(plain);
      if (number === null) throw refused("a number from 0 to 18446744073709551615");
      return { format, number };
    }
    case Format.Binary:
    case Format.SecurityDescriptor:
      if (typeof plain !== "string" || !/^(?:[0-9a-f]{2})*$/i.test(plain)) {
        throw refused("octets in hexadecimal");
      }
      return { format, data: Uint8Array.from(Buffer.from(plain, "hex")) };
  }
}

function isDword(number: number): boolean {
  return Number.isInteger(number) && number >= 0 && number <= 0xffff_ffff;
}

/** Numbers that a double can't hold are written as texts. */
function bigOf(plain: unknown): bigint | null {
  const isWritten = typeof plain === "string" && /^\d{1,20}$/.test(plain);
  if (!isWritten && !(typeof plain === "number" && Number.isSafeInteger(plain))) return null;
  const number = BigInt(plain);
  return number >= 0n && number < 1n << 64n ? number : null;
}
