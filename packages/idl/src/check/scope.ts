/**
 * Names and where they are seen.
 *
 * As in C, tags have a name space of their own, and everything else shares one. A name declared in
 * an interface or library is seen in its whole file and in every file that imports it.
 */
import type { CoclassDecl, ForwardDecl, Item } from "../ast.ts";
import type {
  ConstantSymbol,
  EnumSymbol,
  InterfaceSymbol,
  StructSymbol,
  TypedefSymbol,
  UnionSymbol,
} from "../program.ts";
import type { Span } from "../span.ts";

export type TagSymbol = StructSymbol | UnionSymbol | EnumSymbol;

/** What an ordinary name stands for. */
export type Meaning =
  | { readonly kind: "typedef"; readonly symbol: TypedefSymbol }
  | { readonly kind: "constant"; readonly symbol: ConstantSymbol }
  | { readonly kind: "enumerator"; readonly symbol: EnumSymbol }
  | { readonly kind: "interface"; readonly symbol: InterfaceSymbol }
  | { readonly kind: "coclass"; readonly node: CoclassDecl }
  | { readonly kind: "library" | "module"; readonly node: Item };

export interface Entry {
  readonly name: string;
  readonly span: Span;
  /** Grows with the order of declaration over all files. */
  readonly order: number;
  readonly meaning: Meaning;
}

/** The names of one file and the files that it sees, itself first. */
export interface FileScope {
  readonly path: string;
  readonly origin: "root" | "import" | "prelude";
  readonly names: Map<string, Entry>;
  readonly tags: Map<string, TagSymbol>;
  /** Names announced by `interface X;` and where; a definition need not follow. */
  readonly announced: Map<string, ForwardDecl & { readonly order: number }>;
  /** Set when every file has been declared. */
  visible: readonly FileScope[];
}

/** What a name means in a file. */
export function findName(scope: FileScope, name: string): Entry | undefined {
  for (const file of scope.visible) {
    const entry = file.names.get(name);
    if (entry) return entry;
  }
  return undefined;
}

/** The structure, union or enumeration with a tag; a complete one before an incomplete one. */
export function findTag(scope: FileScope, tag: string): TagSymbol | undefined {
  let first: TagSymbol | undefined;
  for (const file of scope.visible) {
    const symbol = file.tags.get(tag);
    if (symbol?.isComplete) return symbol;
    first ??= symbol;
  }
  return first;
}

/** Every name seen in a file, for suggestions. */
export function* visibleNames(scope: FileScope): Iterable<string> {
  for (const file of scope.visible) yield* file.names.keys();
}

/**
 * Sets what each file sees: itself, then its imports, then theirs. An imported file also sees what
 * the roots that import it see, since headers are written to follow others; that comes after its
 * own. The prelude comes last.
 */
export function linkScopes(
  files: readonly { readonly scope: FileScope; readonly imports: readonly string[] }[],
): void {
  const byPath = new Map(files.map((file) => [file.scope.path, file]));
  const seen = new Map<FileScope, Set<FileScope>>();
  for (const { scope } of files) {
    const reached = new Set([scope]);
    for (const { path } of reached) {
      for (const imported of byPath.get(path)?.imports ?? []) {
        const target = byPath.get(imported);
        if (target) reached.add(target.scope);
      }
    }
    seen.set(scope, reached);
  }
  const roots = files.filter(({ scope }) => scope.origin === "root").map(({ scope }) => scope);
  for (const [scope, reached] of seen) {
    const all = new Set(reached);
    for (const root of scope.origin === "import" ? roots : []) {
      const around = seen.get(root);
      if (around?.has(scope)) for (const other of around) all.add(other);
    }
    const rank = (other: FileScope): number =>
      Number(other !== scope && other.origin === "prelude");
    scope.visible = [...all].sort((a, b) => rank(a) - rank(b));
  }
}

/** The announcement of an interface or class, in any file seen. */
export function findAnnounced(
  scope: FileScope,
  name: string,
): (ForwardDecl & { readonly order: number }) | undefined {
  for (const file of scope.visible) {
    const found = file.announced.get(name);
    if (found) return found;
  }
  return undefined;
}
