/** The rules whose errors may be lowered to warnings, for text that can't be changed. */
import { idlRules } from "./index.ts";

/** Their codes, in order. */
export const lowerableCodes: readonly string[] = idlRules
  .filter(({ mayBeLowered }) => mayBeLowered)
  .map(({ code }) => code);

/** Of some codes those that may be lowered. */
export function lowerable(codes: readonly string[]): readonly string[] {
  return lowerableCodes.filter((code) => codes.includes(code));
}
