/** One generated file: its imports follow from the symbols that its text was printed with. */
import { Block } from "./block.ts";
import { list, print, type Doc } from "./doc.ts";

/** Where an exported name lives: a file of the package, as a path in `src`, or a package. */
export interface Symbol {
  readonly name: string;
  /** Another name to import it under. */
  readonly as?: string;
  readonly from: { readonly file: string } | { readonly package: string };
}

export class Module {
  readonly path: string;
  readonly body: Block = new Block();
  readonly #reexports = new Map<string, string[]>();
  readonly #namespaces = new Map<string, string>();
  readonly #imports = new Map<string, Map<string, "type" | "value">>();

  /** `path` starts at the package's `src`: `clusapi3/open-group.ts`. */
  constructor(path: string) {
    this.path = path;
  }

  /** The name to print for a type. */
  type(symbol: Symbol): string {
    return this.#use(symbol, "type");
  }

  /** The name to print for a function or constant. */
  value(symbol: Symbol): string {
    return this.#use(symbol, "value");
  }

  /** `import * as name`. */
  namespace(name: string, file: string): void {
    this.#namespaces.set(relative(this.path, file), name);
  }

  /** `export type { Name } from` another file of the package. */
  reexportType(name: string, file: string): void {
    const source = relative(this.path, file);
    this.#reexports.set(source, [...(this.#reexports.get(source) ?? []), name]);
  }

  /** Packages that it imports from. */
  get packages(): string[] {
    return [...this.#imports.keys()].filter((source) => !source.startsWith("."));
  }

  #use(symbol: Symbol, as: "type" | "value"): string {
    const from = symbol.from;
    if ("file" in from && from.file === this.path) return symbol.name;
    const source = "file" in from ? relative(this.path, from.file) : from.package;
    const names = this.#imports.get(source) ?? new Map<string, "type" | "value">();
    this.#imports.set(source, names);
    const item = symbol.as === undefined ? symbol.name : `${symbol.name} as ${symbol.as}`;
    if (names.get(item) !== "value") names.set(item, as);
    return symbol.as ?? symbol.name;
  }

  /** The whole text, `header` first. */
  toString(header: string): string {
    const imports = [...this.#imports].sort(([a], [b]) => compareSources(a, b)).map(printImport);
    for (const [source, name] of this.#namespaces)
      imports.push(`import * as ${name} from ${JSON.stringify(source)};`);
    for (const [source, names] of this.#reexports) {
      imports.push("", print(braced("export type {", names, source)));
    }
    const head = imports.length === 0 ? header : `${header}\n${imports.join("\n")}`;
    return `${head}\n\n${this.body.toString()}\n`;
  }
}

function printImport([source, names]: [string, Map<string, "type" | "value">]): string {
  const sorted = [...names].sort(([a], [b]) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
  const onlyTypes = sorted.every(([, as]) => as === "type");
  const items = sorted.map(([name, as]) => (as === "type" && !onlyTypes ? `type ${name}` : name));
  const head = onlyTypes ? "import type {" : "import {";
  return print(braced(head, items, source));
}

/** One name stays on one line, however long. */
function braced(head: string, items: readonly string[], source: string): Doc {
  const names = items.length === 1 ? `${head} ${items[0]} }` : list(head, items, "}", " ");
  return [names, ` from ${JSON.stringify(source)};`];
}

/** Packages first, then files from far to near. */
function compareSources(a: string, b: string): number {
  return rank(a) - rank(b) || (a < b ? -1 : 1);
}

function rank(source: string): number {
  if (source.startsWith("..")) return 1;
  return source.startsWith(".") ? 2 : 0;
}

function relative(from: string, to: string): string {
  const at = from.split("/").slice(0, -1);
  const parts = to.split("/");
  let shared = 0;
  while (shared < at.length && at[shared] === parts[shared]) shared++;
  const up = "../".repeat(at.length - shared);
  return `${up === "" ? "./" : up}${parts.slice(shared).join("/")}`;
}
