/**
 * Cuts a source file into preprocessing tokens, in time linear in its length.
 *
 * Nothing is refused here: what starts no token becomes a `stray`, and the parser says so if it
 * ever sees it. That way a stray apostrophe in a skipped `#if` branch or in `#error` is nobody's
 * trouble.
 */
import type { SourceText, Span } from "../span.ts";
import type { TextToken, TextTokenKind } from "./token.ts";

export interface ScanResult {
  readonly tokens: readonly TextToken[];
  /** A comment that runs to the end of the file. */
  readonly openComment: Span | null;
  /** Typographic quotes and dashes that were read as the plain ones. */
  readonly typographic: readonly Span[];
}

const PUNCTUATORS: readonly string[] = [
  "...", "<<=", ">>=",
  "..", "->", "<<", ">>", "<=", ">=", "==", "!=", "&&", "||", "##", "::", "++", "--",
  "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=",
]; // prettier-ignore
const SINGLE = "[](){};,:=*&|^~!<>+-/%?.#";
const LONGER: ReadonlyMap<string, readonly string[]> = Map.groupBy(PUNCTUATORS, (p) => p[0] ?? "");
const DASHES = "\u2010\u2011\u2012\u2013\u2014\u2212\u00ad";
const DOUBLE_QUOTES = "\u201c\u201d\u201e\u201f";
const SINGLE_QUOTES = "\u2018\u2019\u201a\u201b";

/** Scans a whole file; null where it has more tokens than it may. */
export function scan(source: SourceText): ScanResult;
export function scan(source: SourceText, limit: number): ScanResult | null;
export function scan(source: SourceText, limit = Infinity): ScanResult | null {
  const { path: file, text } = source;
  const tokens: TextToken[] = [];
  const typographic: Span[] = [];
  let openComment: Span | null = null;
  let isSpaced = true;
  let isLineStart = true;
  let at = 0;

  const push = (kind: TextTokenKind, start: number, end: number, spelled: string): void => {
    tokens.push({
      kind,
      text: spelled,
      file,
      start,
      end,
      via: undefined,
      isSpaced,
      isLineStart,
      isPainted: false,
    });
    isSpaced = false;
    isLineStart = false;
    at = end;
  };

  while (at < text.length) {
    if (tokens.length > limit) return null;
    const code = text.charCodeAt(at);
    if (code === 0x0a || code === 0x0d) {
      at++;
      isLineStart = true;
      isSpaced = true;
    } else if (isBlank(code)) {
      at++;
      isSpaced = true;
    } else if (code === 0x5c && spliceLength(text, at) > 0) {
      at += spliceLength(text, at);
      isSpaced = true;
    } else if (code === 0x2f && text.charCodeAt(at + 1) === 0x2f) {
      at = endOfLineComment(text, at);
      isSpaced = true;
    } else if (code === 0x2f && text.charCodeAt(at + 1) === 0x2a) {
      const close = text.indexOf("*/", at + 2);
      if (close < 0) openComment = { file, start: at, end: at + 2 };
      at = close < 0 ? text.length : close + 2;
      isSpaced = true;
    } else if (isNameStart(code)) {
      const prefixed = code === 0x4c && isQuote(text, at + 1);
      if (prefixed) literal(at + 1, at);
      else word("identifier");
    } else if (isDigit(code) || (code === 0x2e && isDigit(text.charCodeAt(at + 1)))) {
      number();
    } else if (isQuote(text, at)) {
      literal(at, at);
    } else {
      symbol();
    }
  }
  return tokens.length > limit ? null : { tokens, openComment, typographic };

  function word(kind: TextTokenKind): void {
    const start = at;
    let end = at + 1;
    while (isNamePart(text.charCodeAt(end))) end++;
    let spelled = text.slice(start, end);
    for (let skip = spliceLength(text, end); skip > 0; skip = spliceLength(text, end)) {
      if (!isNamePart(text.charCodeAt(end + skip))) break;
      const from = end + skip;
      end = from + 1;
      while (isNamePart(text.charCodeAt(end))) end++;
      spelled += text.slice(from, end);
    }
    push(kind, start, end, spelled);
  }

  /** `1..5` is two numbers about a range; `1e-5` is one number, `0x1e-5` and `861e-0020af` are not. */
  function number(): void {
    const start = at;
    let end = at;
    let isDecimal = true;
    for (;;) {
      const code = text.charCodeAt(end);
      const next = text.charCodeAt(end + 1);
      if (code === 0x2e && next === 0x2e) break;
      if (isDecimal && (code === 0x65 || code === 0x45) && (next === 0x2b || next === 0x2d)) {
        if (!isDigit(text.charCodeAt(end + 2))) break;
        end += 2;
        isDecimal = false;
        continue;
      }
      if (!isNamePart(code) && code !== 0x2e) break;
      if (!isDigit(code) && code !== 0x2e) isDecimal = false;
      end++;
    }
    push("number", start, end, text.slice(start, end));
  }

  /** A string or character literal whose opening quote is at `open`. It ends on its line. */
  function literal(open: number, start: number): void {
    const isDouble = text[open] === '"' || DOUBLE_QUOTES.includes(text[open] ?? "");
    const plain = isDouble ? '"' : "'";
    const curly = isDouble ? DOUBLE_QUOTES : SINGLE_QUOTES;
    let curlyClose = -1;
    let body = "";
    let end = open + 1;
    for (; end < text.length; end++) {
      const char = text[end] ?? "";
      if (char === "\n" || char === "\r" || char === plain) break;
      if (curly.includes(char)) {
        if (curlyClose < 0) curlyClose = end;
        if (text[open] !== plain) break;
      }
      if (char !== "\\") {
        body += char;
        continue;
      }
      const skip = spliceLength(text, end);
      if (skip > 0) {
        end += skip - 1;
      } else {
        body += char + (text[end + 1] ?? "");
        end++;
      }
    }
    const prefix = text.slice(start, open);
    if (text[end] !== plain && !curly.includes(text[end] ?? "\n")) {
      if (curlyClose < 0)
        return push("stray", start, Math.min(end, text.length), text.slice(start, end));
      end = curlyClose;
      body = text.slice(open + 1, end);
    }
    if (text[open] !== plain) typographic.push({ file, start: open, end: open + 1 });
    if (text[end] !== plain) typographic.push({ file, start: end, end: end + 1 });
    push(isDouble ? "string" : "char", start, end + 1, prefix + plain + body + plain);
  }

  function symbol(): void {
    const char = text[at] ?? "";
    if (DASHES.includes(char)) {
      typographic.push({ file, start: at, end: at + 1 });
      return push("punctuator", at, at + 1, "-");
    }
    const longer = LONGER.get(char)?.find((candidate) => text.startsWith(candidate, at));
    if (longer !== undefined) return push("punctuator", at, at + longer.length, longer);
    if (SINGLE.includes(char)) return push("punctuator", at, at + 1, char);
    const whole = String.fromCodePoint(text.codePointAt(at) ?? 0xfffd);
    push("stray", at, at + whole.length, whole);
  }
}

/** The length of a backslash and line end at `at`, else 0. */
function spliceLength(text: string, at: number): number {
  if (text.charCodeAt(at) !== 0x5c) return 0;
  const next = text.charCodeAt(at + 1);
  if (next === 0x0a) return 2;
  return next === 0x0d ? (text.charCodeAt(at + 2) === 0x0a ? 3 : 2) : 0;
}

function endOfLineComment(text: string, at: number): number {
  for (let end = at + 2; end < text.length; end++) {
    const code = text.charCodeAt(end);
    if (code === 0x0a || code === 0x0d) return end;
    const skip = code === 0x5c ? spliceLength(text, end) : 0;
    if (skip > 0) end += skip - 1;
  }
  return text.length;
}

/** Spaces of every kind, among them the non-breaking and zero-width ones of word processors. */
function isBlank(code: number): boolean {
  return (
    code === 0x20 ||
    (code >= 0x09 && code <= 0x0c) ||
    code === 0x1a ||
    code === 0xa0 ||
    code === 0xfeff ||
    (code >= 0x2000 && code <= 0x200d) ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x202f ||
    code === 0x3000
  );
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function isNameStart(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    code === 0x5f ||
    code === 0x24
  );
}

function isNamePart(code: number): boolean {
  return isNameStart(code) || isDigit(code);
}

function isQuote(text: string, at: number): boolean {
  const char = text[at];
  if (char === '"' || char === "'") return true;
  return char !== undefined && (DOUBLE_QUOTES.includes(char) || SINGLE_QUOTES.includes(char));
}
