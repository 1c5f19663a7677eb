/** The names in lists that operations give. */
import { textsOf } from "@msrpc/cluster-data";
import { RegistryType } from "@msrpc/ms-cmrp";

export function namesIn(
  list: { readonly entries: readonly { readonly name: string | null }[] } | null,
): string[] {
  return list?.entries.flatMap(({ name }) => name ?? []) ?? [];
}

/** Texts that end with a zero each, with an empty one behind them. */
export function namesFrom(data: Uint8Array): readonly string[] {
  return textsOf({ type: RegistryType.MultiSz, data }) ?? [];
}
