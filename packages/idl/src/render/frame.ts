/** Diagnostics for a terminal: the message, the line with the place marked, and how it came there. */
import type { Diagnostic, Severity } from "../diagnostic.ts";
import type { Span } from "../span.ts";
import { lineStarts, placeOfUse } from "../span.ts";
import { mainPlaceOf, originOf, placeOf, type Place, type Sources } from "./place.ts";

export interface FrameOptions {
  /** ANSI colours. Off unless set. */
  readonly color?: boolean;
}

const MAX_WIDTH = 120;

type Style = "bold" | "dim" | Severity;
const ANSI: Readonly<Record<Style, string>> = {
  bold: "1", dim: "2", error: "1;31", warning: "1;33", info: "1;36",
}; // prettier-ignore

/** All diagnostics, a blank line between them. */
export function renderFrames(
  diagnostics: readonly Diagnostic[],
  sources: Sources,
  options: FrameOptions = {},
): string {
  return diagnostics.map((each) => renderFrame(each, sources, options)).join("\n");
}

/** One diagnostic, ending in a line break. */
export function renderFrame(
  diagnostic: Diagnostic,
  sources: Sources,
  options: FrameOptions = {},
): string {
  const paint = (style: Style, text: string): string =>
    options.color === true ? `\u001b[${ANSI[style]}m${text}\u001b[0m` : text;
  const { severity, code, message, span, hint, related = [] } = diagnostic;
  const lines = [
    `${paint(severity, `${severity} ${code}`)}${paint("bold", `: ${message}`)}`,
    ...codeFrame(span, sources, (text) => paint(severity, text), paint),
  ];
  for (const { kind, name, place } of originOf(span, sources)) {
    const how = kind === "macro" ? `in the expansion of macro \`${name}\`` : "included from";
    lines.push(paint("dim", `  ${how}: ${where(place)}`));
  }
  for (const each of related) {
    lines.push(`  ${each.message}`);
    lines.push(...codeFrame(each.span, sources, (text) => paint("info", text), paint));
  }
  if (hint !== undefined) lines.push(`  ${paint("info", "hint")}: ${hint}`);
  return `${lines.join("\n")}\n`;
}

/** `a.idl:3:7` */
function where({ path, start }: Place): string {
  return `${path}:${start.line}:${start.column}`;
}

function codeFrame(
  span: Span,
  sources: Sources,
  mark: (text: string) => string,
  paint: (style: Style, text: string) => string,
): string[] {
  const place = mainPlaceOf(span, sources);
  const head = `  ${paint("dim", "at")} ${where(place)}`;
  const use = placeOfUse(span);
  const source = sources.get(use.file);
  if (source === undefined) return [head];
  const starts = lineStarts(source);
  const lineStart = starts[place.start.line - 1] ?? 0;
  const lineEnd = starts[place.start.line] ?? source.text.length;
  const line = source.text.slice(lineStart, lineEnd).replace(/[\r\n]+$/, "");
  const from = Math.min(use.start - lineStart, line.length);
  const to = Math.max(from, Math.min(use.end - lineStart, line.length));
  const cut = Math.max(0, from - MAX_WIDTH / 2);
  const shown = line.slice(cut, cut + MAX_WIDTH);
  const blank = line.slice(cut, from).replace(/[^\t]/g, " ");
  const width = Math.max(1, Math.min(to - from, cut + MAX_WIDTH - from));
  const gutter = String(place.start.line);
  const bar = paint("dim", "|");
  return [
    head,
    `  ${paint("dim", gutter)} ${bar} ${shown}`,
    `  ${" ".repeat(gutter.length)} ${bar} ${blank}${mark("^".repeat(width))}`,
  ];
}

/** One line for logs and editors: `a.idl:3:7: error IDL1201: Expected ...`. */
export function renderLine(diagnostic: Diagnostic, sources: Sources): string {
  const place = placeOf(placeOfUse(diagnostic.span), sources);
  return `${where(place)}: ${diagnostic.severity} ${diagnostic.code}: ${diagnostic.message}`;
}
