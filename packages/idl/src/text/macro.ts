/** Macro definitions: #define lines, the command line's, and the built-in ones. */
import { macroRedefined, malformedDirective } from "../catalogue/syntax.ts";
import type { Span } from "../span.ts";
import { scan } from "./scan.ts";
import { report, type Session } from "./session.ts";
import { spanOf, spell, type TextToken } from "./token.ts";

export interface Macro {
  readonly name: string;
  /** Null for an object-like macro. */
  readonly params: readonly string[] | null;
  /** The last parameter takes all further arguments: `...` or `name...`. */
  readonly isVariadic: boolean;
  readonly body: readonly TextToken[];
  readonly span: Span;
  /** Being expanded right now. */
  isActive: boolean;
}

/**
 * Macros that every file starts with. `__midl` says that this is an IDL compiler, with the number
 * of the MIDL version whose language is understood; the others that compilers define (`_WIN32`,
 * `_WIN64`, `_MSC_VER`) describe a machine, and the wire has none.
 */
export const PREDEFINED_MACROS: Readonly<Record<string, string>> = { __midl: "801" };

/** The file name that spans of macros from options have. */
const OPTIONS_FILE = "<options>";

/** The macros that a file starts with. */
export function initialMacros(session: Session): Map<string, Macro> {
  const macros = new Map<string, Macro>();
  const defines = { ...PREDEFINED_MACROS, ...session.options.defines };
  for (const [signature, body] of Object.entries(defines)) {
    const { tokens } = scan({ path: OPTIONS_FILE, text: `${signature} ${body}` });
    const macro = readDefinition(session, tokens, { file: OPTIONS_FILE, start: 0, end: 0 });
    if (macro !== null) macros.set(macro.name, macro);
  }
  return macros;
}

/** Reads what follows #define and adds it. */
export function define(
  session: Session,
  macros: Map<string, Macro>,
  tokens: readonly TextToken[],
  directive: Span,
): void {
  const macro = readDefinition(session, tokens, directive);
  if (macro === null) return;
  const previous = macros.get(macro.name);
  if (previous !== undefined && !isSame(previous, macro)) {
    report(
      session,
      macroRedefined,
      macro.span,
      { name: macro.name },
      { related: [{ message: "The first definition.", span: previous.span }] },
    );
  }
  macros.set(macro.name, macro);
}

function readDefinition(
  session: Session,
  tokens: readonly TextToken[],
  directive: Span,
): Macro | null {
  const malformed = (wanted: string, token: TextToken | undefined): null => {
    const span = token === undefined ? directive : spanOf(token);
    report(session, malformedDirective, span, { directive: "define", wanted });
    return null;
  };
  const name = tokens[0];
  if (name?.kind !== "identifier") return malformed("a name", name);
  let at = 1;
  let params: string[] | null = null;
  let isVariadic = false;
  if (tokens[1]?.text === "(" && !tokens[1].isSpaced) {
    params = [];
    for (at = 2; tokens[at]?.text !== ")";) {
      const token = tokens[at];
      const isEllipsis = token?.text === "...";
      if (isVariadic || (token?.kind !== "identifier" && !isEllipsis)) {
        return malformed("parameter names between its parentheses", token ?? name);
      }
      params.push(isEllipsis ? "__VA_ARGS__" : token.text);
      isVariadic = isEllipsis;
      at++;
      if (tokens[at]?.text === "..." && !isEllipsis) {
        isVariadic = true;
        at++;
      }
      if (tokens[at]?.text === ",") at++;
      else if (tokens[at]?.text !== ")") return malformed("`)` after its parameters", token);
    }
    at++;
  }
  const body = tokens.slice(at);
  return { name: name.text, params, isVariadic, body, span: spanOf(name), isActive: false };
}

function isSame(a: Macro, b: Macro): boolean {
  return (
    a.isVariadic === b.isVariadic &&
    (a.params === null) === (b.params === null) &&
    (a.params ?? []).join() === (b.params ?? []).join() &&
    spell(a.body) === spell(b.body)
  );
}
