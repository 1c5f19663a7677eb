/** What the compiler has to say to a user about their text. Collected, never thrown. */
import type { Span } from "./span.ts";

export type Severity = "error" | "warning" | "info";

export interface Diagnostic {
  /** Stable, of the form `IDL1234` or `WIRE1234`; see the catalogue of the package that made it. */
  readonly code: string;
  readonly severity: Severity;
  /** One sentence, the vital fact first. */
  readonly message: string;
  readonly span: Span;
  /** What to do about it. */
  readonly hint?: string;
  readonly related?: readonly { readonly message: string; readonly span: Span }[];
}
