/** Diagnostics as SARIF 2.1.0, the interchange format of static analysis tools (OASIS, 2020). */
import { idlRules } from "../catalogue/index.ts";
import type { DiagnosticRule } from "../catalogue/define.ts";
import type { Diagnostic, Severity } from "../diagnostic.ts";
import { mainPlaceOf, originOf, type Place, type Sources } from "./place.ts";

export interface SarifOptions {
  /** Of the tool, as it is released. */
  readonly version?: string;
  /** Rules of other packages whose diagnostics are among these. */
  readonly rules?: readonly DiagnosticRule<string>[];
}

interface SarifLocation {
  readonly physicalLocation: {
    readonly artifactLocation: { readonly uri: string };
    readonly region: {
      readonly startLine: number;
      readonly startColumn: number;
      readonly endLine: number;
      readonly endColumn: number;
    };
  };
  readonly message?: { readonly text: string };
}

interface SarifResult {
  readonly ruleId: string;
  readonly ruleIndex?: number;
  readonly level: "error" | "warning" | "note";
  readonly message: { readonly text: string };
  readonly locations: readonly SarifLocation[];
  readonly relatedLocations?: readonly SarifLocation[];
}

interface SarifRule {
  readonly id: string;
  readonly shortDescription: { readonly text: string };
  readonly help?: { readonly text: string };
  readonly defaultConfiguration: { readonly level: "error" | "warning" | "note" };
}

export interface SarifLog {
  readonly $schema: string;
  readonly version: "2.1.0";
  readonly runs: readonly {
    readonly tool: {
      readonly driver: {
        readonly name: string;
        readonly version?: string;
        readonly rules: readonly SarifRule[];
      };
    };
    readonly columnKind: "utf16CodeUnits";
    readonly results: readonly SarifResult[];
  }[];
}

const LEVELS: Readonly<Record<Severity, "error" | "warning" | "note">> = {
  error: "error",
  warning: "warning",
  info: "note",
};

/** A log of one run. Only rules that were broken are described in it. */
export function renderSarif(
  diagnostics: readonly Diagnostic[],
  sources: Sources,
  options: SarifOptions = {},
): SarifLog {
  const used = new Set(diagnostics.map(({ code }) => code));
  const rules = [...idlRules, ...(options.rules ?? [])].filter(({ code }) => used.has(code));
  const indexOf = new Map(rules.map(({ code }, index) => [code, index]));
  const { version } = options;
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "msrpc",
            ...(version === undefined ? {} : { version }),
            rules: rules.map((rule) => describe(rule)),
          },
        },
        columnKind: "utf16CodeUnits",
        results: diagnostics.map((each) => result(each, sources, indexOf.get(each.code))),
      },
    ],
  };
}

function describe({ code, severity, explanation, hint }: DiagnosticRule<string>): SarifRule {
  return {
    id: code,
    shortDescription: { text: explanation },
    ...(hint === undefined ? {} : { help: { text: hint } }),
    defaultConfiguration: { level: LEVELS[severity] },
  };
}

function result(
  diagnostic: Diagnostic,
  sources: Sources,
  ruleIndex: number | undefined,
): SarifResult {
  const { code, severity, message, hint, span, related = [] } = diagnostic;
  const others = [
    ...related.map((each) => location(mainPlaceOf(each.span, sources), each.message)),
    ...originOf(span, sources).map(({ kind, name, place }) =>
      location(
        place,
        kind === "macro" ? `In the expansion of macro ${name}.` : "Included from here.",
      ),
    ),
  ];
  return {
    ruleId: code,
    ...(ruleIndex === undefined ? {} : { ruleIndex }),
    level: LEVELS[severity],
    message: { text: hint === undefined ? message : `${message} ${hint}` },
    locations: [location(mainPlaceOf(span, sources))],
    ...(others.length === 0 ? {} : { relatedLocations: others }),
  };
}

function location({ path, start, end }: Place, text?: string): SarifLocation {
  return {
    physicalLocation: {
      artifactLocation: { uri: uriOf(path) },
      region: {
        startLine: start.line,
        startColumn: start.column,
        endLine: end.line,
        endColumn: end.column,
      },
    },
    ...(text === undefined ? {} : { message: { text } }),
  };
}

/** A relative path as a relative reference, an absolute one as a file URI. */
function uriOf(path: string): string {
  const plain = path.replaceAll("\\", "/");
  const encoded = plain.toWellFormed().split("/").map(encodeURIComponent).join("/");
  if (plain.startsWith("/")) return `file://${encoded}`;
  return /^[A-Za-z]:\//.test(plain) ? `file:///${encoded.replace("%3A", ":")}` : encoded;
}
