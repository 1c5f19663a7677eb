/** Structures within buffers: texts stand behind them, and are named by their offset ([MS-SCMR] 2.2.10 to 2.2.13, 2.2.36 to 2.2.38). */

/** UTF-16 for operations that end with W, one octet a character for those that end with A. */
export type Alphabet = "wide" | "narrow";

/** As much of a text as an operation of that alphabet can say: Latin-1, and question marks ([MS-SCMR] 3.1.7). */
export function inAlphabet(text: string, alphabet: Alphabet): string {
  // Surrogates come in pairs, and are one character.
  return alphabet === "wide" ? text : text.replace(/[\u{100}-\u{10ffff}]/gu, "?");
}

/** A text with its terminator. */
export function encodeText(text: string, alphabet: Alphabet): Uint8Array {
  const said = `${inAlphabet(text, alphabet)}\0`;
  if (alphabet === "narrow") return Uint8Array.from(said, (unit) => unit.charCodeAt(0));
  const octets = new Uint8Array(2 * said.length);
  const view = new DataView(octets.buffer);
  for (let i = 0; i < said.length; i++) view.setUint16(2 * i, said.charCodeAt(i), true);
  return octets;
}

/** Texts one after the other, each with its terminator, behind them an empty one. */
export function decodeTexts(octets: Uint8Array, alphabet: Alphabet): string[] {
  let text = "";
  const view = new DataView(octets.buffer, octets.byteOffset, octets.length);
  const width = alphabet === "wide" ? 2 : 1;
  for (let at = 0; at + width <= octets.length; at += width) {
    text += String.fromCharCode(width === 2 ? view.getUint16(at, true) : view.getUint8(at));
  }
  const texts = text.split("\0");
  const end = texts.indexOf("");
  return end === -1 ? texts : texts.slice(0, end);
}

/** As `decodeTexts` reads them. */
export function encodeTexts(texts: readonly string[], alphabet: Alphabet): Uint8Array {
  return encodeText(texts.map((text) => `${text}\0`).join(""), alphabet);
}

/** Structures of 32-bit members, of which some are offsets of what stands behind all of them. */
export class StructureWriter {
  readonly #members: (number | Uint8Array)[] = [];
  readonly #alphabet: Alphabet;

  constructor(alphabet: Alphabet) {
    this.#alphabet = alphabet;
  }

  u32(...values: readonly number[]): this {
    this.#members.push(...values);
    return this;
  }

  /** The offset of a text. */
  text(text: string): this {
    return this.octets(encodeText(text, this.#alphabet));
  }

  /** The offset of octets. */
  octets(octets: Uint8Array): this {
    this.#members.push(octets);
    return this;
  }

  /** Octets that it takes. */
  get size(): number {
    return this.#members.reduce<number>((size, member) => size + sizeOf(member), 0);
  }

  /** Into a buffer that may be larger: all else of it is 0. */
  finish(length: number): Uint8Array {
    const buffer = new Uint8Array(length);
    const view = new DataView(buffer.buffer);
    let behind = 4 * this.#members.length;
    for (const [index, member] of this.#members.entries()) {
      view.setUint32(4 * index, typeof member === "number" ? member : behind, true);
      if (typeof member === "number") continue;
      buffer.set(member, behind);
      behind += aligned(member.length);
    }
    return buffer;
  }
}

/** What a member takes with what it leads to. */
function sizeOf(member: number | Uint8Array): number {
  return 4 + (typeof member === "number" ? 0 : aligned(member.length));
}

function aligned(size: number): number {
  return (size + 3) & ~3;
}
