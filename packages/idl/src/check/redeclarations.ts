/** Checks names that two files declare. */
import { redeclared } from "../catalogue/semantics.ts";
import type { Context } from "./context.ts";
import { isSameSymbol } from "./same-type.ts";
import type { Entry, FileScope } from "./scope.ts";

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
