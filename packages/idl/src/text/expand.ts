/** Macro expansion: a name is not expanded within itself, and the whole is bounded. */
import {
  badPaste,
  macroArgumentCount,
  macroCallUnclosed,
  macroTooLarge,
} from "../catalogue/syntax.ts";
import { join, positionAt, type Span } from "../span.ts";
import type { Macro } from "./macro.ts";
import { nextToken } from "./reader.ts";
import { scan } from "./scan.ts";
import { report } from "./session.ts";
import type { Expansion, Preprocessor } from "./state.ts";
import { spanOf, spell, withOrigin, type TextToken } from "./token.ts";

const MAX_ARGUMENT_DEPTH = 100;

/** The next token with macros expanded; null at the end. */
export function nextExpanded(state: Preprocessor): TextToken | null {
  for (;;) {
    const token = nextToken(state);
    if (token === null || token.kind !== "identifier" || token.isPainted) return token;
    const macro = state.macros.get(token.text);
    if (macro === undefined) return builtIn(state, token);
    if (macro.isActive) return withOrigin(token, token.via, token.isSpaced, true);
    if (state.expansionBudget <= 0) return token;
    if (!expand(state, macro, token)) return token;
  }
}

/** All of `tokens` with macros expanded, as if nothing followed. */
export function expandAll(state: Preprocessor, tokens: readonly TextToken[]): TextToken[] {
  const { expansions, isIsolated } = state;
  state.expansions = [{ tokens, macro: null, at: 0 }];
  state.isIsolated = true;
  const output: TextToken[] = [];
  for (let token = nextExpanded(state); token !== null; token = nextExpanded(state)) {
    output.push(token);
  }
  state.expansions = expansions;
  state.isIsolated = isIsolated;
  return output;
}

/** Puts the expansion of a macro next. False where it is no use of it: a function-like one without `(`. */
function expand(state: Preprocessor, macro: Macro, name: TextToken): boolean {
  let via = spanOf(name);
  let args: Argument[] = [];
  if (macro.params !== null) {
    const next = nextToken(state);
    if (next?.text !== "(" || next.kind !== "punctuator") {
      if (next !== null) state.expansions.push({ tokens: [next], macro: null, at: 0 });
      return false;
    }
    const call = readArguments(state, macro, name);
    if (call === null) return true;
    ({ args } = call);
    via = join(via, spanOf(call.close));
  }
  const body = substitute(state, macro, args, via);
  charge(state, macro, name, body.length + 1);
  const first = body[0];
  if (first !== undefined) body[0] = withOrigin(first, first.via, name.isSpaced, first.isPainted);
  const run: Expansion = { tokens: body, macro, at: 0 };
  macro.isActive = true;
  state.expansions.push(run);
  return true;
}

interface Argument {
  readonly tokens: readonly TextToken[];
  expanded: readonly TextToken[] | null;
}

/** Reads up to the closing parenthesis. Too few arguments are filled up, too many left out. */
function readArguments(
  state: Preprocessor,
  macro: Macro,
  name: TextToken,
): { args: Argument[]; close: TextToken } | null {
  const params = macro.params ?? [];
  const lists: TextToken[][] = [[]];
  let depth = 0;
  for (;;) {
    const token = nextToken(state);
    if (token === null) {
      report(state.session, macroCallUnclosed, spanOf(name), { name: macro.name });
      return null;
    }
    if (token.kind === "punctuator") {
      if (token.text === ")" && depth === 0) {
        const args = lists.map((tokens) => ({ tokens, expanded: null }));
        if (params.length === 0 && args.length === 1 && args[0]?.tokens.length === 0) args.pop();
        if (macro.isVariadic && args.length === params.length - 1) {
          args.push({ tokens: [], expanded: null });
        }
        if (args.length !== params.length) {
          const wanted = params.length === 1 ? "one argument" : `${params.length} arguments`;
          const counts = { name: macro.name, wanted, found: args.length };
          report(state.session, macroArgumentCount, join(spanOf(name), spanOf(token)), counts);
        }
        while (args.length < params.length) args.push({ tokens: [], expanded: null });
        return { args, close: token };
      }
      if (token.text === "(") depth++;
      else if (token.text === ")") depth--;
      const takesRest = macro.isVariadic && lists.length === params.length;
      if (token.text === "," && depth === 0 && !takesRest) {
        lists.push([]);
        continue;
      }
    }
    const isActive = token.kind === "identifier" && state.macros.get(token.text)?.isActive === true;
    lists.at(-1)?.push(isActive ? withOrigin(token, token.via, token.isSpaced, true) : token);
  }
}

/** The body with parameters replaced, `#` and `##` carried out. */
function substitute(
  state: Preprocessor,
  macro: Macro,
  args: readonly Argument[],
  via: Span,
): TextToken[] {
  const { body } = macro;
  const output: TextToken[] = [];
  const argumentOf = (token: TextToken | undefined): Argument | undefined => {
    if (token?.kind !== "identifier") return undefined;
    const index = macro.params?.indexOf(token.text) ?? -1;
    return index < 0 ? undefined : args[index];
  };
  for (let at = 0; at < body.length; at++) {
    const token = body[at];
    if (token === undefined) break;
    const isPaste = token.text === "##" && token.kind === "punctuator";
    if (isPaste && at > 0 && at + 1 < body.length) {
      const right = body[++at];
      const operand = argumentOf(right);
      const tokens = operand?.tokens ?? (right === undefined ? [] : [here(right, via)]);
      paste(state, macro, output, tokens, via);
      continue;
    }
    const operand = argumentOf(token);
    if (operand !== undefined) {
      const isPasted = body[at + 1]?.text === "##";
      const tokens = isPasted ? operand.tokens : expandArgument(state, operand);
      if (isPasted && tokens.length === 0)
        output.push({ ...here(token, via), kind: "stray", text: "" });
      charge(state, macro, token, tokens.length);
      // At the end of the budget one token stands for all: copies of copies would go on growing.
      const count = state.expansionBudget > 0 ? tokens.length : Math.min(tokens.length, 1);
      for (let index = 0; index < count; index++) {
        const each = tokens[index];
        if (each === undefined) break;
        output.push(
          index === 0 ? withOrigin(each, each.via, token.isSpaced, each.isPainted) : each,
        );
      }
      continue;
    }
    const next = token.text === "#" && macro.params !== null ? argumentOf(body[at + 1]) : undefined;
    if (next !== undefined) {
      at++;
      const text = stringize(next.tokens);
      charge(state, macro, token, text.length >> 3);
      output.push({ ...here(token, via), kind: "string", text });
      continue;
    }
    output.push(here(token, via));
  }
  return output.filter((token) => token.kind !== "stray" || token.text !== "");
}

function here(token: TextToken, via: Span): TextToken {
  return withOrigin(token, via, token.isSpaced, token.isPainted);
}

function expandArgument(state: Preprocessor, argument: Argument): readonly TextToken[] {
  if (argument.expanded !== null) return argument.expanded;
  if (state.argumentDepth >= MAX_ARGUMENT_DEPTH) return argument.tokens;
  state.argumentDepth++;
  argument.expanded = expandAll(state, argument.tokens);
  state.argumentDepth--;
  return argument.expanded;
}

/** Joins the last token of `output` to the first of `right`. */
function paste(
  state: Preprocessor,
  macro: Macro,
  output: TextToken[],
  right: readonly TextToken[],
  via: Span,
): void {
  const left = output.pop();
  const [first, ...rest] = right;
  if (left === undefined || first === undefined) {
    if (left !== undefined) output.push(left);
    for (const token of right) output.push(token);
    return;
  }
  const text = left.text + first.text;
  charge(state, macro, left, text.length >> 3);
  const joined = scan({ path: left.file, text }).tokens;
  const made = joined[0];
  if (joined.length !== 1 || made === undefined || state.expansionBudget <= 0) {
    if (text !== "" && state.expansionBudget > 0) {
      report(state.session, badPaste, via, { text: text.slice(0, 60) });
    }
    output.push(left, first);
  } else {
    const { file, start, end } = left;
    const { isSpaced } = left;
    output.push({ ...made, file, start, end, via, isSpaced, isLineStart: false });
  }
  for (const token of rest) output.push(token);
}

function stringize(tokens: readonly TextToken[]): string {
  const quoted = tokens.map((token) =>
    token.kind === "string" || token.kind === "char"
      ? { ...token, text: token.text.replace(/["\\]/g, "\\$&") }
      : token,
  );
  return `"${spell(quoted)}"`;
}

/** Takes from the budget; at its end says so once. */
function charge(state: Preprocessor, macro: Macro, use: TextToken, tokens: number): void {
  if (state.expansionBudget <= 0) return;
  state.expansionBudget -= tokens;
  if (state.expansionBudget > 0) return;
  report(state.session, macroTooLarge, spanOf(use), { name: macro.name });
}

/** `__FILE__` and `__LINE__`; every other name stays. */
function builtIn(state: Preprocessor, token: TextToken): TextToken {
  if (token.text !== "__FILE__" && token.text !== "__LINE__") return token;
  const source = state.session.sources.get(token.file);
  if (token.text === "__FILE__") {
    return { ...token, kind: "string", text: `"${token.file.replace(/["\\]/g, "\\$&")}"` };
  }
  const line = source === undefined ? 0 : positionAt(source, token.start).line;
  return { ...token, kind: "number", text: String(line) };
}
