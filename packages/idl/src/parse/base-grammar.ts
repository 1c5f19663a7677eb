/** What all parts of the grammar use: spans, nesting limits, diagnostics and recovery. */
import {
  EmbeddedActionsParser,
  EOF,
  isRecognitionException,
  type IOrAlt,
  type IParserErrorMessageProvider,
  type IToken,
  type ParserMethod,
  type TokenType,
} from "chevrotain";
import type { Identifier } from "../ast.ts";
import { nearest } from "../attributes/suggest.ts";
import { diagnose, type DiagnosticArguments, type DiagnosticRule } from "../catalogue/define.ts";
import { nestedTooDeep, unexpectedToken } from "../catalogue/syntax.ts";
import type { Diagnostic } from "../diagnostic.ts";
import { join, type Span } from "../span.ts";
import * as T from "./tokens.ts";
import { describeToken, type TokenVector } from "./vector.ts";

const MAX_DEPTH = 100;

/** Thrown to the next point of recovery, where it becomes a diagnostic. */
class SyntaxProblem extends Error {
  readonly diagnostic: Diagnostic;
  constructor(diagnostic: Diagnostic) {
    super(diagnostic.message);
    this.diagnostic = diagnostic;
  }
}

/** Of a chevrotain error we use what was wanted; the rest is worded here. */
const wantedOnly: IParserErrorMessageProvider = {
  buildMismatchTokenMessage: ({ expected }) => expected.LABEL ?? expected.name,
  buildNotAllInputParsedMessage: () => "the end of the file",
  buildNoViableAltMessage: ({ customUserDescription }) => customUserDescription ?? "something else",
  buildEarlyExitMessage: ({ customUserDescription }) => customUserDescription ?? "more",
};

/** Alternatives, the first that fits wins, and what to call them together where none does. */
export type Choice<R> = IOrAlt<R>[] | { readonly DEF: IOrAlt<R>[]; readonly ERR_MSG?: string };

export abstract class BaseGrammar extends EmbeddedActionsParser {
  diagnostics: Diagnostic[] = [];
  private end: Span = { file: "", start: 0, end: 0 };
  private vector: TokenVector = { tokens: [], errorsAt: [] };
  private depth = 0;
  /** Syntax errors up to this token follow from an earlier one. */
  private quietUntil = -1;
  /** The brackets that the failed text had left open. */
  private openBrackets: TokenType[] = [];

  constructor() {
    super(T.VOCABULARY as TokenType[], {
      maxLookahead: 1,
      recoveryEnabled: false,
      skipValidations: true,
      errorMessageProvider: wantedOnly,
    });
  }

  /** Starts on another file. */
  open(path: string, vector: TokenVector): void {
    this.input = vector.tokens as T.Token[];
    const last = vector.tokens.at(-1);
    this.end = { file: last?.file ?? path, start: last?.end ?? 0, end: last?.end ?? 0 };
    this.vector = vector;
    this.diagnostics = [];
    this.depth = 0;
    this.quietUntil = -1;
    this.openBrackets = [];
  }

  // ---- the grammar's words ----

  /** Chevrotain's RULE, typed from where it is used. */
  protected rule<A extends unknown[], R>(
    name: string,
    read: (...args: A) => R,
  ): ParserMethod<A, R> {
    return this.RULE(name, read);
  }

  /** Chevrotain's OR, typed from where it is used. */
  protected choose<R>(choice: Choice<R>): R {
    return this.OR<IOrAlt<R>[]>(choice as { readonly DEF: IOrAlt<R>[] });
  }

  /** A second choice in the same rule. */
  protected choose2<R>(choice: Choice<R>): R {
    return this.OR2<IOrAlt<R>[]>(choice as { readonly DEF: IOrAlt<R>[] });
  }

  // ---- places ----

  protected spanOf(token: IToken): Span {
    const { file, startOffset: start, end, via } = token as T.Token;
    if (token.tokenType === EOF) return this.end;
    return via === undefined ? { file, start, end } : { file, start, end, via };
  }

  /** From `start` to the last token read. */
  protected spanFrom(start: IToken): Span {
    const last = this.LA(0);
    return start === last ? this.spanOf(start) : join(this.spanOf(start), this.spanOf(last));
  }

  protected identifier(token: IToken): Identifier {
    return { name: token.image, span: this.spanOf(token) };
  }

  /** Where something is missing before `token`. */
  protected placeBefore(token: IToken): Span {
    const span = this.spanOf(token);
    return { ...span, end: span.start };
  }

  // ---- looking ahead ----

  protected at(type: TokenType, ahead = 1): boolean {
    const found = this.LA(ahead).tokenType;
    return found === type || found.CATEGORIES?.includes(type) === true;
  }

  protected atAny(...types: readonly TokenType[]): boolean {
    return types.some((type) => this.at(type));
  }

  protected atEnd(): boolean {
    return this.LA(1).tokenType === EOF;
  }

  // ---- diagnostics ----

  protected report<P extends string>(
    rule: DiagnosticRule<P>,
    span: Span,
    ...args: DiagnosticArguments<P>
  ): void {
    this.diagnostics.push(diagnose(rule, span, ...args));
  }

  /** Gives up up to the next point of recovery. */
  protected fail<P extends string>(
    rule: DiagnosticRule<P>,
    span: Span,
    ...args: DiagnosticArguments<P>
  ): never {
    throw new SyntaxProblem(diagnose(rule, span, ...args));
  }

  /** Gives up because of the next token. */
  protected expected(wanted: string, hint?: string): never {
    const found = this.LA(1);
    const params = { wanted, found: describeToken(found) };
    this.fail(unexpectedToken, this.spanOf(found), params, this.hintAt(found, hint));
  }

  /** Reads one level deeper. */
  protected nested<R>(read: () => R): R {
    if (this.depth >= MAX_DEPTH) {
      this.fail(nestedTooDeep, this.spanOf(this.LA(1)), { limit: MAX_DEPTH });
    }
    this.depth++;
    try {
      return read();
    } finally {
      this.depth--;
    }
  }

  // ---- recovery ----

  /**
   * Reads something; when that fails, reports it once and moves on with `skip`. Nothing is reported
   * where a lexical error was in what was read, or where it is the consequence of an earlier error:
   * within three tokens of where reading went on, unless that was after a `;` or `,`.
   */
  protected recoverable<R>(read: () => R, skip: () => void): R | undefined {
    if (this.RECORDING_PHASE) return read();
    const start = (this.LA(1) as T.Token).index;
    try {
      return read();
    } catch (problem) {
      const found = this.LA(1);
      const at = found.tokenType === EOF ? this.vector.tokens.length : (found as T.Token).index;
      const isKnown = at <= this.quietUntil || this.hasLexicalError(start, at + 1);
      if (problem instanceof SyntaxProblem) {
        if (!isKnown) this.diagnostics.push(problem.diagnostic);
      } else if (isRecognitionException(problem as Error)) {
        if (!isKnown) this.reportUnexpected((problem as Error).message, found);
      } else {
        throw problem;
      }
      this.quietUntil = at;
      if (this.atEnd()) return undefined;
      this.openBrackets = this.bracketsOpenedBetween(start, at);
      skip();
      this.quieten(at);
      return undefined;
    }
  }

  /**
   * Reads one after another up to `isEnd`, each a point of recovery. What is of no use to `read` is
   * its error, so nothing ends the loop but `isEnd` and the end of the file.
   */
  protected repeat<R>(isEnd: () => boolean, read: () => R | undefined, skip: () => void): R[] {
    const all: R[] = [];
    if (this.RECORDING_PHASE) {
      this.MANY(read);
      return all;
    }
    while (!this.atEnd() && !isEnd()) {
      const first = this.LA(1);
      const one = this.recoverable(read, skip);
      if (one !== undefined) all.push(one);
      if (this.LA(1) === first) {
        this.SKIP_TOKEN();
        this.quieten((first as T.Token).index);
      }
    }
    return all;
  }

  /** After an error at a token, what follows from it is not reported as well. */
  private quieten(at: number): void {
    const next = this.LA(1);
    const here = next.tokenType === EOF ? this.vector.tokens.length : (next as T.Token).index;
    const last = this.LA(0).tokenType;
    const isCleanStart = here > at && (last === T.Semicolon || last === T.Comma);
    this.quietUntil = isCleanStart ? here - 1 : Math.max(at, here) + 2;
  }

  /** Whether an error here would follow from an earlier one. */
  protected isQuietAt(token: IToken): boolean {
    return (token as T.Token).index <= this.quietUntil;
  }

  private reportUnexpected(wanted: string, token: IToken): void {
    const params = { wanted, found: describeToken(token) };
    this.report(unexpectedToken, this.spanOf(token), params, this.hintAt(token));
  }

  /** `unsigned lung a`: the slip was taken for the name, so that the name is what comes unexpected. */
  private hintAt(token: IToken, hint?: string): { readonly hint?: string } {
    const { index } = token as T.Token;
    const [sign, slip] = [this.vector.tokens[index - 2], this.vector.tokens[index - 1]];
    if (hint !== undefined) return { hint };
    if (token.tokenType !== T.Identifier || slip?.tokenType !== T.Identifier) return {};
    if (sign === undefined || !/^(?:un)?signed$/.test(sign.image)) return {};
    const type = nearest(slip.image, ["char", "short", "int", "long", "small", "hyper"]);
    return type === null ? {} : { hint: `Did you mean \`${sign.image} ${type}\`?` };
  }

  /**
   * Skips whole tokens, bracketed text as one, until `isEnd` says to stop before the next one. A
   * closing bracket of what surrounds the failed text stops it as well: a brace, or one of `closers`.
   */
  protected skipUntil(
    isEnd: (token: T.Token) => boolean,
    closers: readonly TokenType[] = [],
    open: TokenType[] = this.openBrackets,
  ): void {
    for (;;) {
      const token = this.LA(1) as T.Token;
      const type = token.tokenType;
      if (type === EOF) return;
      const isUnmatched = !follow(open, token);
      if (isUnmatched && (type === T.CloseBrace || closers.includes(type))) return;
      if (open.length === 0 && isEnd(token)) return;
      this.SKIP_TOKEN();
    }
  }

  private bracketsOpenedBetween(start: number, end: number): TokenType[] {
    const open: TokenType[] = [];
    for (let at = start; at < end; at++) {
      const token = this.vector.tokens[at];
      if (token !== undefined) follow(open, token);
    }
    return open;
  }

  private hasLexicalError(from: number, to: number): boolean {
    const { errorsAt } = this.vector;
    let low = 0;
    let high = errorsAt.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((errorsAt[middle] ?? 0) < from) low = middle + 1;
      else high = middle;
    }
    return (errorsAt[low] ?? Infinity) <= to;
  }
}

/**
 * Keeps track of open brackets over one more token. A `;` ends round and square ones, a closing
 * bracket those within it. False for one that closes none of them.
 */
function follow(open: TokenType[], { tokenType }: IToken): boolean {
  if (tokenType === T.OpenBrace || tokenType === T.OpenBracket || tokenType === T.OpenParen) {
    open.push(tokenType);
  } else if (tokenType === T.Semicolon) {
    while (open.length > 0 && open.at(-1) !== T.OpenBrace) open.pop();
  } else if (CLOSERS.has(tokenType)) {
    const partner = open.lastIndexOf(CLOSERS.get(tokenType) as TokenType);
    if (partner < 0) return false;
    open.length = partner;
  }
  return true;
}

const CLOSERS: ReadonlyMap<TokenType, TokenType> = new Map([
  [T.CloseBrace, T.OpenBrace],
  [T.CloseBracket, T.OpenBracket],
  [T.CloseParen, T.OpenParen],
]);
