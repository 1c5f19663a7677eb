/**
 * The parser's token types.
 *
 * Words that MIDL lets a user take as names (`interface`, `pipe`, `byte`, `default`...) are in the
 * category `Identifier` too, so the grammar asks for a name and gets them; C's own words are not.
 */
import { createToken, Lexer, type IToken, type TokenType } from "chevrotain";
import type { Span } from "../span.ts";

/** A token as the parser sees it. */
export interface Token extends IToken {
  /** Its place in the vector. */
  readonly index: number;
  readonly file: string;
  /** Exclusive, unlike chevrotain's `endOffset`. */
  readonly end: number;
  readonly via: Span | undefined;
  readonly isLineStart: boolean;
}

const made: TokenType[] = [];

function token(name: string, label: string, ...categories: TokenType[]): TokenType {
  const type = createToken({ name, label, pattern: Lexer.NA, categories });
  made.push(type);
  return type;
}

/** Any word: what an attribute may be called. */
export const Word: TokenType = token("Word", "a name");
export const Identifier: TokenType = token("Identifier", "a name", Word);
/** A word that base types are made of. */
export const BaseWord: TokenType = token("BaseWord", "a type", Word);
export const UnaryOperator: TokenType = token("UnaryOperator", "an operator");
export const BinaryOperator: TokenType = token("BinaryOperator", "an operator");
/** A qualifier or storage class that says nothing about the wire. */
export const Qualifier: TokenType = token("Qualifier", "a qualifier", Word);

export const Integer: TokenType = token("Number", "a number");
export const StringText: TokenType = token("StringText", "a string");
export const Character: TokenType = token("Character", "a character");
/** The argument of uuid, version and their like, as one text. */
export const RawText: TokenType = token("RawText", "text");
export const Pragma: TokenType = token("Pragma", "a pragma");
/** A character or operator that IDL has no use for. */
export const Stray: TokenType = token("Stray", "a stray character");

const words = new Map<string, TokenType>();

function word(text: string, ...categories: TokenType[]): TokenType {
  const type = token(`${text[0]?.toUpperCase()}${text.slice(1)}Word`, `\`${text}\``, ...categories);
  words.set(text, type);
  return type;
}

export const Struct: TokenType = word("struct", Word);
export const Union: TokenType = word("union", Word);
export const Enum: TokenType = word("enum", Word);
export const Typedef: TokenType = word("typedef", Word);
export const Const: TokenType = word("const", Word);
export const Sizeof: TokenType = word("sizeof", Word);
export const Switch: TokenType = word("switch", Identifier);
export const Case: TokenType = word("case", Identifier);
export const Default: TokenType = word("default", Identifier);
export const Interface: TokenType = word("interface", Identifier);
export const Dispinterface: TokenType = word("dispinterface", Identifier);
export const Coclass: TokenType = word("coclass", Identifier);
export const Library: TokenType = word("library", Identifier);
export const Module: TokenType = word("module", Identifier);
export const Namespace: TokenType = word("namespace", Identifier);
export const Import: TokenType = word("import", Identifier);
export const ImportLib: TokenType = word("importlib", Identifier);
export const CppQuote: TokenType = word("cpp_quote", Identifier);
export const Properties: TokenType = word("properties", Identifier);
export const Methods: TokenType = word("methods", Identifier);
export const Pipe: TokenType = word("pipe", Identifier);
export const SafeArray: TokenType = word("SAFEARRAY", Identifier);

const RESERVED_BASE_WORDS = [
  "void", "char", "short", "int", "long", "float", "double", "signed", "unsigned",
  "__int8", "__int16", "__int32", "__int64", "__int128", "__int3264", "hyper",
]; // prettier-ignore
const BASE_WORDS_AND_NAMES = [
  "byte", "boolean", "small", "wchar_t", "__wchar_t", "handle_t", "error_status_t", "ISO_LATIN_1",
  "ISO_MULTI_LINGUAL", "ISO_UCS",
]; // prettier-ignore
const QUALIFIERS = [
  "static",
  "volatile",
  "__unaligned",
  "__restrict",
  "register",
  "extern",
  "inline",
  "__inline",
];
for (const text of RESERVED_BASE_WORDS) word(text, BaseWord);
for (const text of BASE_WORDS_AND_NAMES) word(text, BaseWord, Identifier);
for (const text of QUALIFIERS) words.set(text, Qualifier);

const marks = new Map<string, TokenType>();

function mark(text: string, name: string, ...categories: TokenType[]): TokenType {
  const type = token(name, `\`${text}\``, ...categories);
  marks.set(text, type);
  return type;
}

export const OpenBrace: TokenType = mark("{", "OpenBrace");
export const CloseBrace: TokenType = mark("}", "CloseBrace");
export const OpenBracket: TokenType = mark("[", "OpenBracket");
export const CloseBracket: TokenType = mark("]", "CloseBracket");
export const OpenParen: TokenType = mark("(", "OpenParen");
export const CloseParen: TokenType = mark(")", "CloseParen");
export const Semicolon: TokenType = mark(";", "Semicolon");
export const Comma: TokenType = mark(",", "Comma");
export const Colon: TokenType = mark(":", "Colon");
export const Equals: TokenType = mark("=", "Equals");
export const Question: TokenType = mark("?", "Question");
export const Dot: TokenType = mark(".", "Dot");
export const Arrow: TokenType = mark("->", "Arrow");
export const Range: TokenType = mark("..", "Range");
export const Ellipsis: TokenType = mark("...", "Ellipsis");
export const Star: TokenType = mark("*", "Star", UnaryOperator, BinaryOperator);
mark("&", "Ampersand", UnaryOperator, BinaryOperator);
mark("+", "Plus", UnaryOperator, BinaryOperator);
mark("-", "Minus", UnaryOperator, BinaryOperator);
mark("~", "Tilde", UnaryOperator);
mark("!", "Bang", UnaryOperator);
for (const text of ["/", "%", "<<", ">>", "<", "<=", ">", ">=", "==", "!=", "^", "|", "&&", "||"]) {
  marks.set(text, BinaryOperator);
}

/** Words with a token type of their own; every other is an `Identifier`. */
export const WORDS: ReadonlyMap<string, TokenType> = words;
/** Operators and punctuation; every other is a `Stray`. */
export const MARKS: ReadonlyMap<string, TokenType> = marks;
/** Everything, for the parser's constructor. */
export const VOCABULARY: readonly TokenType[] = made;
