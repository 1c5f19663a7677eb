/** The names in lists that operations give. */
export function namesIn(
  list: { readonly entries: readonly { readonly name: string | null }[] } | null,
): string[] {
  return list?.entries.flatMap(({ name }) => name ?? []) ?? [];
}
