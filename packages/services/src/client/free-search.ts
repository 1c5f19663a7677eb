/** Ends a search at an endpoint mapper before its end. */
import type { epm, LookupHandle } from "@msrpc/dce-rpc/epm";
import type { Client } from "@msrpc/rpc";

/** Milliseconds that a mapper has for it. */
const patience = 5000;

/** Does nothing without a handle. Never rejects: a mapper that can't free one is no failure of the search. */
export async function freeSearch(
  client: Client<(typeof epm)["operations"]>,
  entryHandle: LookupHandle | null,
): Promise<void> {
  if (entryHandle === null) return;
  try {
    await client.lookupHandleFree({ entryHandle }, { timeout: patience });
  } catch {
    // What it doesn't free ends with the association.
  }
}
