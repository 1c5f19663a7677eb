/** Diagnostics as plain data, file by file. */
import type { Diagnostic, Severity } from "../diagnostic.ts";
import type { Position } from "../span.ts";
import { mainPlaceOf, originOf, type OriginStep, type Place, type Sources } from "./place.ts";

export interface JsonReport {
  /** Raised when a reader of the previous form would misread this one. */
  readonly format: 1;
  readonly files: readonly JsonFile[];
}

export interface JsonFile {
  readonly path: string;
  readonly diagnostics: readonly JsonDiagnostic[];
}

export interface JsonDiagnostic {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  /** Lines and columns start at 1, `end` is exclusive. */
  readonly range: { readonly start: Position; readonly end: Position };
  readonly hint?: string;
  /** The macros and includes that brought the text there. */
  readonly origin?: readonly OriginStep[];
  readonly related?: readonly (Place & { readonly message: string })[];
}

/** The diagnostics of each of `paths`, also where there are none, then those of other files. */
export function renderJson(
  paths: readonly string[],
  diagnostics: readonly Diagnostic[],
  sources: Sources,
): JsonReport {
  const files = new Map<string, JsonDiagnostic[]>(paths.map((path) => [path, []]));
  for (const diagnostic of diagnostics) {
    const { path, start, end } = mainPlaceOf(diagnostic.span, sources);
    const { code, severity, message, hint, related = [] } = diagnostic;
    const origin = originOf(diagnostic.span, sources);
    const list = files.get(path) ?? [];
    files.set(path, list);
    list.push({
      code,
      severity,
      message,
      range: { start, end },
      ...(hint === undefined ? {} : { hint }),
      ...(origin.length === 0 ? {} : { origin }),
      ...(related.length === 0 ? {} : { related: related.map((each) => relatedPlace(each)) }),
    });
  }
  return {
    format: 1,
    files: [...files].map(([path, found]) => ({ path, diagnostics: found })),
  };

  function relatedPlace(
    each: NonNullable<Diagnostic["related"]>[number],
  ): Place & { readonly message: string } {
    return { message: each.message, ...mainPlaceOf(each.span, sources) };
  }
}
