/** Value lists ([MS-CMRP] 2.2.3.10.1): values without a count or names, closed by an end mark. */
import { type ListedValue, ListReader } from "./list-reader.ts";
import { ListWriter } from "./list-writer.ts";
import { Syntax } from "./syntax.ts";

export function writeValueList(values: readonly ListedValue[]): Uint8Array {
  const writer = new ListWriter();
  for (const value of values) writer.value(value);
  writer.dword(Syntax.Endmark);
  return writer.octets;
}

/** @throws PropertyListError */
export function readValueList(octets: Uint8Array): ListedValue[] {
  const reader = new ListReader(octets);
  const values: ListedValue[] = [];
  for (let value = reader.value(); value !== null; value = reader.value()) values.push(value);
  if (reader.left > 0) throw reader.error("goes on after its end mark");
  return values;
}
