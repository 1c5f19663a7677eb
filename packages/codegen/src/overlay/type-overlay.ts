import type { TypePlan } from "@msrpc/wire";
import { own } from "../names/names.ts";
import type { LoadedOverlay } from "./load-overlay.ts";
import type { TypeOverlay } from "./overlay.ts";

/** What an overlay says about a type under any of its names. */
export function typeOverlay(plan: TypePlan, loaded: LoadedOverlay): TypeOverlay {
  const { types } = loaded.overlay;
  return (
    [plan.name, ...plan.aliases]
      .map((name) => own(types, name))
      .find((found) => found !== undefined) ?? {}
  );
}
