/** JSON with places: every value knows where it stands, so that a diagnostic can point at it. */
import type { Span } from "@msrpc/idl";

export type JsonNode = JsonObject | JsonArray | JsonScalar;

interface JsonObject {
  readonly kind: "object";
  readonly entries: readonly JsonEntry[];
  readonly span: Span;
}

interface JsonEntry {
  readonly key: string;
  readonly keySpan: Span;
  readonly value: JsonNode;
}

interface JsonArray {
  readonly kind: "array";
  readonly items: readonly JsonNode[];
  readonly span: Span;
}

interface JsonScalar {
  readonly kind: "scalar";
  readonly value: string | number | boolean | null;
  readonly span: Span;
}

export interface JsonFault {
  readonly message: string;
  readonly span: Span;
}

/** Deeper nesting than any file of ours has is a fault, so that no input exhausts the stack. */
const maxDepth = 64;

/** Parses a JSON text. The first fault ends it. */
export function parseJson(file: string, text: string): JsonNode | JsonFault {
  const parser = new Parser(file, text);
  try {
    return parser.document();
  } catch (error) {
    if (error instanceof Fault) return { message: error.message, span: error.span };
    throw error;
  }
}

export function isFault(result: JsonNode | JsonFault): result is JsonFault {
  return !("kind" in result);
}

/** The plain value of a node. */
export function toValue(node: JsonNode): unknown {
  if (node.kind === "scalar") return node.value;
  if (node.kind === "array") return node.items.map(toValue);
  return Object.fromEntries(node.entries.map((entry) => [entry.key, toValue(entry.value)]));
}

class Fault extends Error {
  readonly span: Span;
  constructor(message: string, span: Span) {
    super(message);
    this.span = span;
  }
}

class Parser {
  readonly #file: string;
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(file: string, text: string) {
    this.#file = file;
    this.#text = text;
  }

  document(): JsonNode {
    const node = this.#value();
    this.#space();
    if (this.#at < this.#text.length) this.#fail("Text after the end of the value");
    return node;
  }

  #value(): JsonNode {
    this.#space();
    const start = this.#at;
    const next = this.#text[start];
    if (next === "{" || next === "[") {
      if (++this.#depth > maxDepth) this.#fail(`Nested deeper than ${maxDepth}`);
      const node = next === "{" ? this.#object() : this.#array();
      this.#depth--;
      return node;
    }
    if (next === '"') return { kind: "scalar", value: this.#string(), span: this.#span(start) };
    const word = this.#match(/-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null/y);
    if (word === null)
      return this.#fail(next === undefined ? "The text ends too early" : "A value is missing here");
    return {
      kind: "scalar",
      value: JSON.parse(word) as number | boolean | null,
      span: this.#span(start),
    };
  }

  #object(): JsonObject {
    const start = this.#at++;
    const entries: JsonEntry[] = [];
    const seen = new Set<string>();
    for (this.#space(); !this.#take("}"); this.#space()) {
      if (entries.length > 0) this.#expect(",");
      this.#space();
      const keyStart = this.#at;
      if (this.#text[keyStart] !== '"') this.#fail("A key in quotes is missing here");
      const key = this.#string();
      const keySpan = this.#span(keyStart);
      if (seen.has(key)) throw new Fault(`The key "${key}" stands twice`, keySpan);
      seen.add(key);
      this.#space();
      this.#expect(":");
      entries.push({ key, keySpan, value: this.#value() });
    }
    return { kind: "object", entries, span: this.#span(start) };
  }

  #array(): JsonArray {
    const start = this.#at++;
    const items: JsonNode[] = [];
    for (this.#space(); !this.#take("]"); this.#space()) {
      if (items.length > 0) this.#expect(",");
      items.push(this.#value());
    }
    return { kind: "array", items, span: this.#span(start) };
  }

  #string(): string {
    const start = this.#at;
    const literal = this.#match(/"(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy);
    if (literal === null)
      throw new Fault(
        "The string is not closed or has a wrong escape",
        this.#span(start, start + 1),
      );
    return JSON.parse(literal) as string;
  }

  #space(): void {
    this.#match(/[ \t\r\n]*/y);
  }

  #take(mark: string): boolean {
    if (this.#text[this.#at] !== mark) return false;
    this.#at++;
    return true;
  }

  #expect(mark: string): void {
    if (!this.#take(mark)) this.#fail(`\`${mark}\` is missing here`);
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? null;
    if (found !== null) this.#at += found.length;
    return found;
  }

  #span(start: number, end: number = this.#at): Span {
    return { file: this.#file, start, end };
  }

  #fail(message: string): never {
    throw new Fault(message, this.#span(this.#at, Math.min(this.#at + 1, this.#text.length)));
  }
}
