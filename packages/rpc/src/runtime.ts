/** What this package runs on. */

/** @throws Error where the runtime is too old, and would fail in the middle of a call */
export function demandRuntime(): void {
  if (typeof Promise.withResolvers === "function") return;
  throw new Error(
    "@msrpc/rpc needs Node 22 or newer, or a browser of 2024 or newer: there is no Promise.withResolvers here",
  );
}
