/** What one row of the attribute table says. */

/** Where an attribute may stand. `type` is a structure, union or enumeration itself: `[v1_enum] enum E {}`. */
export type AttributePosition =
  | "interface"
  | "dispinterface"
  | "coclass"
  | "coclass member"
  | "library"
  | "module"
  | "typedef"
  | "type"
  | "enumerator"
  | "field"
  | "parameter"
  | "operation"
  | "property"
  | "pointer"
  | "constant";

/**
 * What stands in the parentheses.
 *
 * - `none`: nothing, and no parentheses
 * - `dimensions`: one expression over parameters or fields for each dimension; each may be left out
 * - `expression`: one expression over parameters or fields
 * - `constants`: constant expressions; the row's `count` says how many
 * - `value`: a constant: number, string or floating-point
 * - `strings`: string literals
 * - `uuid`, `version`, `type`, `name`, `words`: what the word says
 * - `raw`: anything; kept as text
 */
type ArgumentForm =
  | "none"
  | "dimensions"
  | "expression"
  | "constants"
  | "value"
  | "strings"
  | "uuid"
  | "version"
  | "type"
  | "name"
  | "words"
  | "raw";

/**
 * What becomes of it: `honoured` where it changes what is sent and we do as it says, `kept` where
 * nothing that is sent depends on it, `refused` where it changes what is sent in a way that can't be expressed.
 */
export type AttributeEffect = "honoured" | "kept" | "refused";

export interface AttributeDefinition {
  readonly name: string;
  readonly positions: readonly AttributePosition[];
  readonly form: ArgumentForm;
  /** Fewest and most arguments. With a form other than `none`, `[0, n]` means they may be left out. */
  readonly count: readonly [min: number, max: number];
  /** For `words`: those allowed. */
  readonly words?: readonly string[];
  readonly effect: AttributeEffect;
  /** Others that may not stand on the same declaration. Holds in both directions. */
  readonly conflicts: readonly string[];
  /** One line for people. */
  readonly summary: string;
}

type Options = Partial<Pick<AttributeDefinition, "form" | "count" | "words" | "conflicts">>;

/** One row. Without options: no arguments, no conflicts. */
export function attribute(
  name: string,
  effect: AttributeEffect,
  positions: readonly AttributePosition[],
  summary: string,
  options: Options = {},
): AttributeDefinition {
  const form = options.form ?? "none";
  const count = options.count ?? (form === "none" ? [0, 0] : [1, 1]);
  return { name, effect, positions, summary, conflicts: [], ...options, form, count };
}
