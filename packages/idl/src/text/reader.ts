/** Reads tokens before expansion: of macros being expanded, else of the file. */
import { unclosedIf } from "../catalogue/syntax.ts";
import { report } from "./session.ts";
import type { OpenFile, Preprocessor } from "./state.ts";
import type { TextToken } from "./token.ts";

/** The next token before expansion, directives carried out; null at the end. */
export function nextToken(state: Preprocessor): TextToken | null {
  for (;;) {
    const run = state.expansions.at(-1);
    if (run !== undefined) {
      const token = run.tokens[run.at];
      if (token !== undefined) {
        run.at++;
        return token;
      }
      if (run.macro !== null) run.macro.isActive = false;
      state.expansions.pop();
      continue;
    }
    if (state.isIsolated) return null;
    const file = state.files.at(-1);
    if (file === undefined) return null;
    const token = file.tokens[file.at];
    if (token === undefined) {
      closeFile(state, file);
    } else if (token.isLineStart && token.text === "#" && token.kind === "punctuator") {
      const pragma = state.runDirective(state, file);
      if (pragma !== null) return pragma;
    } else if (file.conditionals.at(-1)?.isSkipped === true) {
      skipToDirective(file);
    } else {
      file.at++;
      return token;
    }
  }
}

/** Moves on to the next `#` at the start of a line. */
function skipToDirective(file: OpenFile): void {
  const { tokens } = file;
  while (file.at < tokens.length) {
    const token = tokens[file.at];
    if (token?.isLineStart === true && token.text === "#") return;
    file.at++;
  }
}

function closeFile(state: Preprocessor, file: OpenFile): void {
  for (const { span, directive } of file.conditionals) {
    report(state.session, unclosedIf, span, { directive });
  }
  state.files.pop();
}
