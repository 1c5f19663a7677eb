/** Context handles as named types of the plan. */
import type { Attributes } from "@msrpc/idl";
import type { ContextHandlePlan, NamedType } from "../plan.ts";
import type { Lowering } from "./context.ts";
import type { PendingHandle } from "./pending.ts";

/** The use of a context handle, which becomes a type of the plan at its first. */
export function useContextHandle(lowering: Lowering, handle: PendingHandle): NamedType {
  const known = lowering.contextHandles.get(handle.key);
  if (known !== undefined) return { kind: "named", name: known };
  const name = lowering.names.claim(handle.name);
  lowering.contextHandles.set(handle.key, name);
  lowering.drafts.set(name, {
    kind: "contextHandle",
    name,
    isImported: !lowering.program.roots.includes(handle.span.file),
    place: lowering.place(handle.span),
    aliases: [],
    isStrict: handle.attributes.has("strict"),
    isTypeStrict: handle.attributes.has("type_strict"),
    serialize: serializeOf(handle.attributes),
  });
  return { kind: "named", name };
}

function serializeOf(attributes: Attributes): ContextHandlePlan["serialize"] {
  if (attributes.has("serialize") || attributes.has("context_handle_serialize")) {
    return "serialize";
  }
  if (attributes.has("noserialize") || attributes.has("context_handle_noserialize")) {
    return "noserialize";
  }
  return null;
}
