/** Carries out preprocessor directives. */
import {
  directiveAfterElse,
  directiveWithoutIf,
  includeNotFound,
  includeTooDeep,
  malformedDirective,
  unknownDirective,
  userError,
  userWarning,
} from "../catalogue/syntax.ts";
import { join, type Span } from "../span.ts";
import { evaluateCondition } from "./condition.ts";
import { expandAll } from "./expand.ts";
import { stringValue } from "./literal.ts";
import { define } from "./macro.ts";
import { openFile, type OpenFile, type Preprocessor } from "./state.ts";
import { report } from "./session.ts";
import { spanOf, spell, type TextToken } from "./token.ts";

const MAX_INCLUDE_DEPTH = 64;
const CONDITIONAL_DIRECTIVES: ReadonlySet<string> = new Set([
  "if", "ifdef", "ifndef", "elif", "else", "endif",
]); // prettier-ignore

/** Carries out the directive whose `#` is next. What it hands on is the text of a #pragma. */
export function runDirective(state: Preprocessor, file: OpenFile): TextToken | null {
  const start = file.at + 1;
  let end = start;
  while (end < file.tokens.length && file.tokens[end]?.isLineStart !== true) end++;
  const hash = file.tokens[file.at];
  file.at = end;
  const name = file.tokens[start];
  if (end === start || hash === undefined || name === undefined) return null;
  const line = file.tokens.slice(start + 1, end);
  const directive = name.text;
  const span = join(spanOf(hash), spanOf(name));

  if (CONDITIONAL_DIRECTIVES.has(directive)) {
    runConditional(state, file, directive, line, span);
    return null;
  }
  if (file.conditionals.at(-1)?.isSkipped === true) return null;
  switch (directive) {
    case "define":
      define(state.session, state.macros, line, span);
      break;
    case "undef": {
      const macro = macroName(state, directive, line, span);
      if (macro !== null) state.macros.delete(macro);
      break;
    }
    case "include":
      include(state, file, line, span);
      break;
    case "error":
      report(state.session, userError, span, { text: lineText(state, line) });
      break;
    case "warning":
      report(state.session, userWarning, span, { text: lineText(state, line) });
      break;
    case "pragma":
      return pragma(state, file, line, hash);
    case "line":
    case "ident":
      // Positions always name the file that was read, so a code frame can show it.
      break;
    default:
      report(state.session, unknownDirective, span, { directive });
  }
  return null;
}

function runConditional(
  state: Preprocessor,
  file: OpenFile,
  directive: string,
  line: readonly TextToken[],
  span: Span,
): void {
  const current = file.conditionals.at(-1);
  const isOuterSkipped = current?.isSkipped === true;
  const isMet = (): boolean => {
    if (directive === "if" || directive === "elif") return evaluateCondition(state, line, span);
    const name = macroName(state, directive, line, span);
    return name !== null && state.macros.has(name) === (directive === "ifdef");
  };
  if (directive.startsWith("if")) {
    const isTaken = !isOuterSkipped && isMet();
    const isSkipped = !isTaken;
    const hasElse = false;
    file.conditionals.push({ span, directive, isOuterSkipped, isSkipped, isTaken, hasElse });
  } else if (current === undefined) {
    report(state.session, directiveWithoutIf, span, { directive });
  } else if (directive === "endif") {
    file.conditionals.pop();
  } else if (current.hasElse) {
    const related = [{ message: "The conditional starts here.", span: current.span }];
    report(state.session, directiveAfterElse, span, { directive }, { related });
    current.isSkipped = true;
  } else {
    current.hasElse = directive === "else";
    const isOpen = !current.isOuterSkipped && !current.isTaken;
    const isTaken = isOpen && (directive === "else" || isMet());
    current.isSkipped = !isTaken;
    current.isTaken ||= isTaken;
  }
}

function include(
  state: Preprocessor,
  file: OpenFile,
  line: readonly TextToken[],
  directive: Span,
): void {
  const { session } = state;
  const path = includePath(state, line) ?? includePath(state, expandAll(state, line));
  const first = line[0];
  const last = line.at(-1);
  if (path === null || first === undefined || last === undefined) {
    const wanted = 'a file name, "..." or <...>';
    report(session, malformedDirective, directive, { directive: "include", wanted });
    return;
  }
  const span = join(spanOf(first), spanOf(last));
  if (state.files.length > MAX_INCLUDE_DEPTH) {
    report(session, includeTooDeep, span, { path, limit: MAX_INCLUDE_DEPTH });
    return;
  }
  const resolved = session.host.resolve(file.path, path, session.options.searchPaths ?? []);
  if (resolved !== null && state.once.has(resolved)) return;
  if (resolved === null || !openFile(state, resolved, span)) {
    report(session, includeNotFound, span, { path });
  }
}

function includePath(state: Preprocessor, line: readonly TextToken[]): string | null {
  const first = line[0];
  if (first?.kind === "string") return stringValue(first.text).value;
  const close = line.findIndex((token) => token.text === ">");
  const last = line[close];
  if (first?.text !== "<" || last === undefined) return null;
  const source = state.session.sources.get(first.file)?.text;
  return source === undefined || first.via !== undefined
    ? line
        .slice(1, close)
        .map(({ text }) => text)
        .join("")
    : source.slice(first.end, last.start).trim();
}

function pragma(
  state: Preprocessor,
  file: OpenFile,
  line: readonly TextToken[],
  hash: TextToken,
): TextToken | null {
  if (line[0]?.text === "once") {
    state.once.add(file.path);
    return null;
  }
  const end = line.at(-1)?.end ?? hash.end;
  return { ...hash, kind: "pragma", text: lineText(state, line), end, isLineStart: false };
}

function macroName(
  state: Preprocessor,
  directive: string,
  line: readonly TextToken[],
  span: Span,
): string | null {
  if (line[0]?.kind === "identifier") return line[0].text;
  report(state.session, malformedDirective, span, { directive, wanted: "the name of a macro" });
  return null;
}

/** The rest of a line as it is written. */
function lineText(state: Preprocessor, line: readonly TextToken[]): string {
  const first = line[0];
  const last = line.at(-1);
  if (first === undefined || last === undefined) return "";
  const source = state.session.sources.get(first.file)?.text;
  return source?.slice(first.start, last.end) ?? spell(line);
}
