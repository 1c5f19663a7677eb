/** Drawn values that mean something, for those who present what the wire has in another form. */
import type { StructValue } from "../interpret/value.ts";

/**
 * Values of structures that bindings present as text, such that there is only one structure of that text: counted
 * strings that end with a terminator, and SIDs as the documents have them.
 */
export function meaningful(name: string, value: StructValue): StructValue {
  if (/^_?(?:RPC_)?UNICODE_STRING$/.test(name)) {
    const units = [...((value["Buffer"] as readonly number[] | null) ?? []), 0];
    return { Length: 2 * units.length, MaximumLength: 2 * units.length, Buffer: units };
  }
  if (name !== "_RPC_SID") return value;
  const parts = (value["SubAuthority"] as readonly number[]).slice(0, 15);
  return { ...value, Revision: 1, SubAuthorityCount: parts.length, SubAuthority: parts };
}
