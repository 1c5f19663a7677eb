/**
 * Turns preprocessed text into the parser's tokens.
 *
 * Three things that no grammar rule could say well happen here: the argument of `uuid` and its like
 * becomes one text, pragmas stay only where a declaration may stand, and calling conventions
 * and the like, which mean nothing on the wire, are left out.
 */
import { EOF, type TokenType } from "chevrotain";
import { attributes } from "../attributes/table.ts";
import { strayCharacter, unclosedLiteral } from "../catalogue/syntax.ts";
import { PIDL_RAW } from "../pidl/attributes.ts";
import { report, type Session } from "../text/session.ts";
import { spanOf, spell, type TextToken } from "../text/token.ts";
import * as T from "./tokens.ts";

export interface TokenVector {
  readonly tokens: readonly T.Token[];
  /** Indices of tokens beside which a lexical error was reported, ascending. */
  readonly errorsAt: readonly number[];
}

/** Attributes whose argument is no expression: a UUID, `1.0`, a type of the program. */
const RAW_ATTRIBUTES: ReadonlySet<string> = new Set(
  attributes
    .filter(({ form }) => form === "uuid" || form === "version" || form === "raw")
    .map(({ name }) => name),
);

const CALLING_CONVENTIONS: ReadonlySet<string> = new Set([
  "__stdcall", "_stdcall", "__cdecl", "_cdecl", "__fastcall", "__pascal", "_pascal", "__thiscall",
  "STDMETHODCALLTYPE", "STDMETHODVCALLTYPE", "STDAPICALLTYPE", "WINAPI", "WINAPIV", "CALLBACK",
  "APIENTRY", "RPC_ENTRY", "RPC_VAR_ENTRY", "__RPC_API", "__RPC_USER", "__RPC_STUB", "__RPC_FAR",
  "__far", "_far", "FAR", "__near", "_near", "__ptr32", "__ptr64", "__w64",
]); // prettier-ignore

/** How far the end of such arguments is looked for. */
const MAX_ARGUMENTS = 50;

/** C's own attributes, with their arguments. */
const DECLARATION_SPECIFIERS: ReadonlySet<string> = new Set([
  "__declspec", "_declspec", "__attribute__", "DECLSPEC_UUID", "DECLSPEC_ALIGN",
]); // prettier-ignore

const FIELD_BRACES: ReadonlySet<string> = new Set(["struct", "union", "enum", "bitmap"]);
const ITEM_BRACES: ReadonlySet<string> = new Set([
  "interface", "dispinterface", "library", "module", "coclass", "namespace",
]); // prettier-ignore

/** The parser's tokens of a preprocessed file. */
export function makeVector(session: Session, input: readonly TextToken[]): TokenVector {
  const isPidl = session.options.dialect === "pidl";
  const tokens: T.Token[] = [];
  const errorsAt: number[] = [];
  /** The braces open here: whether each holds declarations. */
  const braces: boolean[] = [];
  let bracketDepth = 0;
  let parenDepth = 0;
  /** The parentheses around the bracket that is open. */
  let outerParens = 0;
  /** What the next `{` opens. */
  let opensItems = false;

  const push = (type: TokenType, source: TextToken, image: string, end: number): void => {
    tokens.push({
      image,
      index: tokens.length,
      startOffset: source.start,
      end,
      tokenType: type,
      tokenTypeIdx: type.tokenTypeIdx ?? 0,
      file: source.file,
      via: source.via,
      isLineStart: source.isLineStart,
    });
  };

  for (let at = 0; at < input.length; at++) {
    const token = input[at];
    if (token === undefined) break;
    const { kind, text } = token;
    switch (kind) {
      case "identifier": {
        if (CALLING_CONVENTIONS.has(text)) break;
        if (isPidl && bracketDepth === 0 && parenDepth === 0 && text === "declare") break;
        if (DECLARATION_SPECIFIERS.has(text)) {
          at = endOfArguments(input, at);
          break;
        }
        if (text === "midl_pragma") {
          at = pushPragma(input, at, push);
          break;
        }
        if (FIELD_BRACES.has(text)) opensItems = false;
        else if (ITEM_BRACES.has(text)) opensItems = true;
        const isInBrackets = bracketDepth > 0 && parenDepth === (isPidl ? outerParens : 0);
        const isAttribute = isInBrackets && (isRaw(text) || (isPidl && callsWithin(input, at + 1)));
        const isBitmap = isPidl && bracketDepth === 0 && text === "bitmap";
        const type = isBitmap ? T.Enum : (T.WORDS.get(text) ?? T.Identifier);
        push(type, token, text, token.end);
        if (isPidl && isInBrackets && isBound(tokens)) at = endOfArguments(input, at);
        else if (isAttribute && input[at + 1]?.text === "(") at = pushRaw(input, at + 1, push);
        break;
      }
      case "number":
        push(T.Integer, token, text, token.end);
        break;
      case "string":
        push(T.StringText, token, text, token.end);
        break;
      case "char":
        push(T.Character, token, text, token.end);
        break;
      case "pragma":
        if (parenDepth === 0 && bracketDepth === 0 && braces.at(-1) !== false && isBoundary()) {
          push(T.Pragma, token, text, token.end);
        }
        break;
      case "stray":
        errorsAt.push(tokens.length);
        pushStray(token);
        break;
      case "punctuator": {
        const type = T.MARKS.get(text);
        if (type === T.OpenBrace) braces.push(opensItems);
        else if (type === T.CloseBrace) braces.pop();
        else if (type === T.OpenBracket) {
          bracketDepth++;
          outerParens = parenDepth;
        } else if (type === T.CloseBracket) bracketDepth = Math.max(0, bracketDepth - 1);
        else if (type === T.OpenParen) parenDepth++;
        else if (type === T.CloseParen) parenDepth = Math.max(0, parenDepth - 1);
        if (type === T.OpenBrace || type === T.CloseBrace || type === T.Semicolon) {
          bracketDepth = 0;
          parenDepth = 0;
        }
        push(type ?? T.Stray, token, text, token.end);
      }
    }
  }
  return { tokens, errorsAt };

  function isRaw(name: string): boolean {
    return RAW_ATTRIBUTES.has(name) || (isPidl && PIDL_RAW.has(name));
  }

  /** A declaration may start after the last token. */
  function isBoundary(): boolean {
    const last = tokens.at(-1)?.tokenType;
    return (
      last === undefined ||
      last === T.Semicolon ||
      last === T.OpenBrace ||
      last === T.CloseBrace ||
      last === T.CloseParen ||
      last === T.Pragma
    );
  }

  function pushStray(token: TextToken): void {
    const quote = /^L?(["'])/.exec(token.text);
    if (quote === null) {
      const code = token.text.codePointAt(0) ?? 0;
      const name = `U+${code.toString(16).toUpperCase().padStart(4, "0")}`;
      const shown = code < 0x20 || code === 0x7f ? " " : token.text;
      report(session, strayCharacter, spanOf(token), { text: shown, name });
      return;
    }
    const isString = quote[1] === '"';
    const what = isString ? "The string" : "The character literal";
    report(session, unclosedLiteral, spanOf(token), { what });
    const type = isString ? T.StringText : T.Character;
    push(type, token, token.text + (quote[1] ?? ""), token.end);
  }
}

type Push = (type: TokenType, source: TextToken, image: string, end: number) => void;

/** Pushes `(`, the text of the argument, and what ends it. Returns the index of the last token taken. */
function pushRaw(input: readonly TextToken[], open: number, push: Push): number {
  const isCustom = input[open - 1]?.text === "custom";
  let depth = 0;
  let end = open + 1;
  for (; end < input.length; end++) {
    const text = input[end]?.text ?? "";
    if (text === "(") depth++;
    else if (text === ")" && depth-- === 0) break;
    else if (text === "," && isCustom) break;
    else if (text === ";" || text === "]" || (text === "{" && end > open + 1)) break;
  }
  const paren = input[open];
  const first = input[open + 1];
  if (paren !== undefined) push(T.OpenParen, paren, "(", paren.end);
  const content = input.slice(open + 1, end);
  const last = content.at(-1);
  if (first === undefined || last === undefined) return open;
  push(T.RawText, first, spell(content), last.file === first.file ? last.end : first.end);
  return end - 1;
}

/** The index of the `)` of what follows a name, or of the name where no `(` follows. */
function endOfArguments(input: readonly TextToken[], name: number): number {
  if (input[name + 1]?.text !== "(") return name;
  let depth = 0;
  for (let end = name + 1; end <= name + MAX_ARGUMENTS; end++) {
    if (input[end]?.text === "(") depth++;
    else if (input[end]?.text === ")" && --depth === 0) return end;
  }
  return name;
}

/** Samba's dialect has calls of C functions among an attribute's arguments. */
function callsWithin(input: readonly TextToken[], open: number): boolean {
  const end = endOfArguments(input, open - 1);
  for (let at = open + 1; at < end; at++)
    if (input[at]?.kind === "identifier" && input[at + 1]?.text === "(") return true;
  return false;
}

/** The name pushed last is the bound of an array: `x[f`. */
function isBound(tokens: readonly T.Token[]): boolean {
  const [before, bracket] = tokens.slice(-3);
  return bracket?.tokenType === T.OpenBracket && before?.tokenType === T.Identifier;
}

/** Pushes `midl_pragma ...(...)` as one pragma. Returns the index of the last token taken. */
function pushPragma(input: readonly TextToken[], start: number, push: Push): number {
  let end = start + 1;
  for (let depth = 0; end < input.length; end++) {
    const text = input[end]?.text;
    if (text === "(") depth++;
    else if (text === ")" && --depth <= 0) break;
    else if (text === ";" || text === "{" || text === "}") break;
  }
  if (input[end]?.text !== ")") end--;
  const first = input[start];
  const last = input[end];
  if (first === undefined || last === undefined) return start;
  push(T.Pragma, first, spell(input.slice(start, end + 1)), last.end);
  return end;
}

/** A spelling short enough for a message. */
export function shorten(image: string): string {
  return image.length > 40 ? `${image.slice(0, 37)}...` : image;
}

/** What a token is to a user: `` `foo` ``, `the end of the file`. */
export function describeToken(token: {
  readonly tokenType: TokenType;
  readonly image: string;
}): string {
  if (token.tokenType === EOF) return "the end of the file";
  const shown = shorten(token.image);
  if (token.tokenType === T.StringText) return `the string ${shown}`;
  if (token.tokenType === T.Integer) return `the number \`${shown}\``;
  if (token.tokenType === T.Pragma) return "a #pragma";
  return `\`${shown}\``;
}
