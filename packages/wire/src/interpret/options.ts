/** Settings of the interpreter. */
import type { Syntax } from "../syntax.ts";

export interface InterpretOptions {
  /** `ndr` by default. */
  readonly syntax?: Syntax;
  readonly bigEndian?: boolean;
  /**
   * How strict decoding is: a target level of [MS-RPCE] 3.1.1.5.3, or 0, where only what can't be read is
   * wrong. 6 by default.
   */
  readonly level?: 0 | 5 | 6;
  /** How deep pointers may nest; 512 by default. */
  readonly maxDepth?: number;
  /** How many parts what is decoded may have, each with a node of the tree; more is a fault. No limit by default. */
  readonly maxNodes?: number;
}

export type Settings = Required<InterpretOptions>;

export function settingsOf(options: InterpretOptions): Settings {
  return {
    syntax: "ndr",
    bigEndian: false,
    level: 6,
    maxDepth: 512,
    maxNodes: Infinity,
    ...options,
  };
}
