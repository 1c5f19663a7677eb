/** Lines of code with their indentation. */
import { indent, group, line, print, pageWidth, type Doc } from "./doc.ts";

export class Block {
  readonly #lines: string[] = [];
  #margin: number;

  constructor(margin = 0) {
    this.#margin = margin;
  }

  get margin(): number {
    return this.#margin;
  }

  get isEmpty(): boolean {
    return this.#lines.length === 0;
  }

  /** The one line there is; null for none or several. */
  get only(): string | null {
    const [first] = this.#lines;
    return this.#lines.length === 1 && first !== undefined && !first.includes("\n")
      ? first.trim()
      : null;
  }

  /** One statement or line; it breaks where it is too long. */
  add(doc: Doc): void {
    this.#lines.push(doc === "" ? "" : " ".repeat(this.#margin) + print(doc, this.#margin));
  }

  /** Lines as they are, at the block's margin. */
  addAll(lines: readonly string[]): void {
    for (const text of lines) this.#lines.push(" ".repeat(this.#margin) + text);
  }

  /** A place to insert lines at, once what comes behind it is known. */
  mark(): { readonly line: number; readonly margin: number } {
    return { line: this.#lines.length, margin: this.#margin };
  }

  insert({ line: at, margin }: ReturnType<Block["mark"]>, text: string): void {
    this.#lines.splice(at, 0, " ".repeat(margin) + text);
  }

  /** `head {`, the body, `}` and what follows it. */
  nest(head: Doc, body: () => void, tail = "}", open = "{"): void {
    this.add([head, typeof head === "string" && head.endsWith("(") ? open : ` ${open}`]);
    this.#margin += 2;
    body();
    this.#margin -= 2;
    this.add(tail);
  }

  /** As `nest`, with a head that depends on what the body says. */
  declare(head: (body: string) => Doc, body: () => void): void {
    const start = this.#lines.length;
    this.#margin += 2;
    body();
    this.#margin -= 2;
    const lines = this.#lines.splice(start);
    this.add([head(lines.join("\n")), lines.length === 0 ? " {}" : " {"]);
    if (lines.length === 0) return;
    this.#lines.push(...lines);
    this.add("}");
  }

  /** `if (test) statement`, or a block of several. */
  when(test: string, body: (inner: Block) => void): void {
    const inner = this.inner(body);
    const [only] = inner.#lines;
    if (only === undefined) return;
    if (inner.#lines.length === 1 && !only.includes("\n")) {
      this.add(group(`if (${test})`, indent(line, only.trimStart())));
      return;
    }
    this.add(`if (${test}) {`);
    this.append(inner);
    this.add("}");
  }

  /** `if (test) ... else ...`, with a block for each that has several statements. */
  choose(test: string, then: Block, otherwise: Block): void {
    if (then.isEmpty && otherwise.isEmpty) return;
    if (otherwise.isEmpty) return this.when(test, (inner) => inner.append(then));
    const isBlock = this.#branch(`if (${test})`, then);
    if (!isBlock) {
      this.#branch("else", otherwise);
      return;
    }
    this.#lines.pop();
    this.#branch("} else", otherwise);
  }

  /** Whether it is a block in braces. */
  #branch(head: string, body: Block): boolean {
    const [only] = body.#lines;
    const isOne = body.#lines.length === 1 && only !== undefined && !only.includes("\n");
    if (isOne) {
      this.add(group(head, indent(line, only.trimStart())));
      return false;
    }
    this.add(`${head} {`);
    this.append(body);
    this.add("}");
    return true;
  }

  /** A TSDoc comment, each text on lines of its own; one line in all where it can be. */
  comment(...texts: readonly string[]): void {
    const pad = " ".repeat(this.#margin);
    const wrapped = texts
      .filter((text) => text !== "")
      .map((text) => wrap(text, pageWidth - this.#margin - 3));
    if (wrapped.length === 0) return;
    const only = wrapped.length === 1 && wrapped[0]!.length === 1 ? wrapped[0]![0]! : null;
    if (only !== null && this.#margin + only.length + 7 <= pageWidth) {
      this.#lines.push(`${pad}/** ${only} */`);
      return;
    }
    this.#lines.push(`${pad}/**`, ...wrapped.flat().map((text) => `${pad} * ${text}`), `${pad} */`);
  }

  /** What the body of a `nest` would be, to look at before it is appended. */
  inner(body: (inner: Block) => void): Block {
    const inner = new Block(this.#margin + 2);
    body(inner);
    return inner;
  }

  append(other: Block): void {
    this.#lines.push(...other.#lines);
  }

  toString(): string {
    return this.#lines.join("\n");
  }
}

/** Breaks text between words; `*` `/` never meet, so that no text ends a comment. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let current = "";
  for (const word of text.replaceAll("*/", "* /").split(/\s+/)) {
    if (word === "") continue;
    if (current !== "" && current.length + 1 + word.length > width) {
      lines.push(current);
      current = word;
    } else {
      current = current === "" ? word : `${current} ${word}`;
    }
  }
  if (current !== "") lines.push(current);
  return lines;
}
