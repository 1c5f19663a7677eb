/** Reads an overlay with the overlays it extends and its status table. */
import { diagnose, type Diagnostic, type Host, type SourceText, type Span } from "@msrpc/idl";
import {
  jsonFault,
  overlayCycle,
  overlayMissing,
  unknownKey,
  wrongStatus,
} from "../catalogue/rules.ts";
import { checkShape } from "../json/check-shape.ts";
import { isFault, parseJson, toValue, type JsonNode } from "../json/parse-json.ts";
import { either, integer, map, text } from "../json/shape.ts";
import { overlayShape } from "./overlay-shape.ts";
import type { Overlay } from "./overlay.ts";
import { readLibraries } from "./statuses/libraries.ts";

export interface LoadedOverlay {
  readonly overlay: Overlay;
  /** Status names and numbers: those of every status table, and those that operations use of libraries. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Names that operations may use: those of tables and of whole libraries. */
  readonly statusNames: ReadonlySet<string>;
  /** The files read, for rendering diagnostics. */
  readonly sources: readonly SourceText[];
  readonly diagnostics: readonly Diagnostic[];
  /** Where a key stands, in the file that said it last. */
  locate(path: readonly string[]): Span;
}

const statusShape = map("", either("", integer(""), text("")));

/** The overlay that goes with an IDL file: `a.overlay.json` beside `a.idl`. */
export function overlayPathOf(idlPath: string): string {
  return `${idlPath.replace(/\.idl$/i, "")}.overlay.json`;
}

/** An overlay without a word in it, for an IDL file that has none. */
export function noOverlay(path: string): LoadedOverlay {
  return {
    overlay: {},
    statuses: {},
    statusNames: new Set(),
    sources: [],
    diagnostics: [],
    locate: () => ({ file: path, start: 0, end: 0 }),
  };
}

export function loadOverlay(path: string, host: Host): LoadedOverlay {
  const loader = new Loader(host);
  loader.load(path, null, []);
  const overlay: Overlay = loader.overlay;
  const library = readLibraries(overlay.statusLibraries ?? []);
  return {
    overlay,
    statuses: { ...loader.statuses, ...usedOf(library, overlay) },
    statusNames: new Set([...Object.keys(loader.statuses), ...library.keys()]),
    sources: loader.sources,
    diagnostics: loader.diagnostics,
    locate: (keys) => locate(loader.nodes, keys) ?? { file: path, start: 0, end: 0 },
  };
}

/** What operations name of a library, in the order of the numbers. */
function usedOf(
  library: ReadonlyMap<string, number>,
  { interfaces }: Overlay,
): Record<string, number> {
  const operations = Object.values(interfaces ?? {}).flatMap((each) =>
    Object.values(each.operations ?? {}),
  );
  const used = new Set(
    operations.flatMap(({ errors = [], accepts = [] }) => [...errors, ...accepts]),
  );
  const found = [...library].filter(([name]) => used.has(name));
  return Object.fromEntries(found.toSorted(([, a], [, b]) => a - b));
}

type PlainObject = Record<string, unknown>;

class Loader {
  readonly diagnostics: Diagnostic[] = [];
  readonly sources: SourceText[] = [];
  readonly nodes: JsonNode[] = [];
  readonly statuses: Record<string, number> = {};
  overlay: PlainObject = {};
  readonly #host: Host;

  constructor(host: Host) {
    this.#host = host;
  }

  /** Applies the file's own words after those it extends. */
  load(path: string, from: Span | null, open: readonly string[]): void {
    if (open.includes(path)) {
      this.diagnostics.push(diagnose(overlayCycle, from ?? start(path), { path }));
      return;
    }
    const node = this.#read(path, from);
    if (node === null) return;
    const problems = checkShape(node, overlayShape);
    this.diagnostics.push(...problems);
    // What it says beside a slip can still be judged.
    if (problems.some(({ code }) => code !== unknownKey.code)) return;
    const own = toValue(node) as Overlay;
    own.extends?.forEach((base, index) => {
      const at = itemSpan(node, "extends", index);
      this.load(this.#host.resolve(path, base, []) ?? base, at, [...open, path]);
    });
    if (own.statusTable !== undefined) {
      const at = locate([node], ["statusTable"]) ?? start(path);
      this.#readStatuses(this.#host.resolve(path, own.statusTable, []) ?? own.statusTable, at);
    }
    this.nodes.push(node);
    this.overlay = merge(this.overlay, own as PlainObject);
  }

  #read(path: string, from: Span | null): JsonNode | null {
    const content = this.#host.read(path);
    if (content === null) {
      this.diagnostics.push(diagnose(overlayMissing, from ?? start(path), { path }));
      return null;
    }
    if (!this.sources.some((source) => source.path === path))
      this.sources.push({ path, text: content });
    const node = parseJson(path, content);
    if (!isFault(node)) return node;
    this.diagnostics.push(diagnose(jsonFault, node.span, { fault: node.message }));
    return null;
  }

  #readStatuses(path: string, from: Span): void {
    const node = this.#read(path, from);
    if (node === null) return;
    this.diagnostics.push(...checkShape(node, statusShape));
    if (node.kind !== "object") return;
    for (const { key, value } of node.entries) {
      const number = Number(toValue(value));
      if (Number.isInteger(number) && number >= -0x8000_0000 && number <= 0xffff_ffff) {
        this.statuses[key] = number >>> 0;
      } else {
        const shown = JSON.stringify(toValue(value));
        this.diagnostics.push(diagnose(wrongStatus, value.span, { name: key, value: shown }));
      }
    }
  }
}

function start(path: string): Span {
  return { file: path, start: 0, end: 0 };
}

function merge(base: PlainObject, over: PlainObject): PlainObject {
  const result: PlainObject = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const before = Object.hasOwn(result, key) ? result[key] : undefined;
    const joined = isObject(before) && isObject(value) ? merge(before, value) : value;
    Object.defineProperty(result, key, {
      value: joined,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return result;
}

function isObject(value: unknown): value is PlainObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The key at the end of the path, or the nearest of its parents that some file has. */
function locate(nodes: readonly JsonNode[], path: readonly string[]): Span | null {
  for (let length = path.length; length > 0; length--) {
    for (const root of nodes.toReversed()) {
      const span = keySpan(root, path.slice(0, length));
      if (span !== null) return span;
    }
  }
  return null;
}

function keySpan(root: JsonNode, path: readonly string[]): Span | null {
  let node: JsonNode = root;
  let span: Span | null = null;
  for (const key of path) {
    const entry: { keySpan: Span; value: JsonNode } | undefined =
      node.kind === "object" ? node.entries.find((candidate) => candidate.key === key) : undefined;
    if (entry === undefined) return null;
    span = entry.keySpan;
    node = entry.value;
  }
  return span;
}

function itemSpan(node: JsonNode, key: string, index: number): Span | null {
  const value =
    node.kind === "object" ? node.entries.find((entry) => entry.key === key)?.value : undefined;
  return value?.kind === "array" ? (value.items[index]?.span ?? null) : null;
}
