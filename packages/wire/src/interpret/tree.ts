/** What was read where: a tree in the order of the bytes. */

import { InterpretError } from "./fault.ts";

export interface DecodedNode {
  /** `Entry[3].Name`, from the parameter or type on; with what it is behind a dot: `Entry.maxCount`. */
  readonly path: string;
  /** The first of its bytes, padding left out. */
  readonly offset: number;
  /** Behind its last byte. */
  readonly end: number;
  /** The value, as text for people; empty for what has parts. */
  readonly text: string;
  readonly children: readonly DecodedNode[];
}

interface OpenNode {
  readonly path: string;
  readonly offset: number;
  readonly children: DecodedNode[];
}

/** Builds the tree while reading. */
export class TreeBuilder {
  readonly #open: OpenNode[] = [{ path: "", offset: 0, children: [] }];
  readonly #maxNodes: number;
  #nodes = 0;

  /** Throws an InterpretError where there are more nodes. */
  constructor(maxNodes: number) {
    this.#maxNodes = maxNodes;
  }

  /** Something without parts. */
  leaf(path: string, offset: number, end: number, text: string): void {
    this.#count(path, offset);
    this.#open.at(-1)?.children.push({ path, offset, end, text, children: [] });
  }

  /** Begins something with parts; `close` ends it. */
  open(path: string, offset: number): void {
    this.#count(path, offset);
    this.#open.push({ path, offset, children: [] });
  }

  close(end: number): void {
    const node = this.#open.pop();
    if (!node) throw new Error("Closed more nodes than were opened");
    this.#open.at(-1)?.children.push({ ...node, end, text: "" });
  }

  /** Counted where they begin, so that what is open can always be closed. */
  #count(path: string, offset: number): void {
    if (++this.#nodes <= this.#maxNodes) return;
    throw new InterpretError("parts", path, offset, `there are more than ${this.#maxNodes} parts`);
  }

  /** Everything, with what is still open closed. */
  finish(end: number): DecodedNode {
    while (this.#open.length > 1) this.close(end);
    return { path: "", offset: 0, end, text: "", children: this.#open[0]?.children ?? [] };
  }
}
