/** Checks names that two files declare, and typedefs that lead back to themselves. */
import { circularTransmitType, circularTypedef, redeclared } from "../catalogue/semantics.ts";
import type { Type, TypedefSymbol, TypeSymbol } from "../program.ts";
import type { Context } from "./context.ts";
import { isSameSymbol } from "./same-type.ts";
import type { Entry, FileScope } from "./scope.ts";
import { sentAs } from "./wire/shape.ts";

/** Complains of typedefs that lead back to themselves, by name or by what they are sent as. */
export function checkCircularTypedefs(context: Context): void {
  const fine = new Set<TypeSymbol>();
  for (const symbol of context.types) {
    if (symbol.kind !== "typedef") continue;
    const path = new Set<TypeSymbol>();
    let isSent = false;
    for (let at: TypedefSymbol | null = symbol; at && !fine.has(at);) {
      if (path.has(at)) {
        const rule = isSent ? circularTransmitType : circularTypedef;
        context.report(rule, at.span, { name: at.name });
        break;
      }
      path.add(at);
      const sent: Type | null = sentAs(at);
      isSent ||= sent !== null;
      const target: Type = sent ?? at.type;
      at = target.kind === "typedef" ? target.symbol : null;
    }
    for (const passed of path) fine.add(passed);
  }
}

/** Warns where a root file gives a name another meaning than a file that it imports. */
export function checkRedeclarations(context: Context, scopes: readonly FileScope[]): void {
  for (const scope of scopes) {
    if (scope.origin === "root") checkAgainstImports(context, scope);
  }
}

function checkAgainstImports(context: Context, scope: FileScope): void {
  for (const other of scope.visible) {
    if (other === scope || other.origin === "prelude") continue;
    for (const [name, entry] of scope.names) {
      const first = other.names.get(name);
      if (!first || agrees(context, first, entry)) continue;
      const related = [{ message: "also declared here", span: first.span }];
      context.report(redeclared, entry.span, { name }, { related });
    }
  }
}

function agrees(context: Context, a: Entry, b: Entry): boolean {
  if (a.meaning.kind === "typedef" && b.meaning.kind === "typedef") {
    return isSameSymbol(context, a.meaning.symbol, b.meaning.symbol);
  }
  if (a.meaning.kind === "constant" || a.meaning.kind === "enumerator") {
    const [x, y] = [context.values.get(a), context.values.get(b)];
    if (x?.kind === "integer" && y?.kind === "integer") return x.value === y.value;
  }
  return a.meaning.kind === b.meaning.kind;
}
