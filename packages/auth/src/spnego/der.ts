/** The little of DER (X.690) that SPNEGO needs: definite, shortest lengths and tags of one octet. */
import { SecurityError } from "@msrpc/rpc";
import { concat, copyOf } from "../bytes.ts";

export const tags = {
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  enumerated: 0x0a,
  generalString: 0x1b,
  sequence: 0x30,
  application0: 0x60,
} as const;

/** A constructed, context-specific tag. */
export function contextTag(number: number): number {
  return 0xa0 | number;
}

export function badToken(what: string): SecurityError {
  return new SecurityError("bad_token", `SPNEGO token ${what}`);
}

/** Goes through the elements of one constructed value. */
export class DerReader {
  readonly #octets: Uint8Array;
  #at = 0;

  constructor(octets: Uint8Array) {
    this.#octets = octets;
  }

  /** The next element's tag; null at the end. */
  get tag(): number | null {
    return this.#octets[this.#at] ?? null;
  }

  /** The contents of the next element, which must have this tag. @throws SecurityError bad_token */
  take(tag: number, name: string): Uint8Array {
    if (this.tag !== tag) {
      const found = this.tag === null ? "nothing" : `tag ${this.tag}`;
      throw badToken(`has ${found} where ${name} should be`);
    }
    const { start, end } = this.#extent(name);
    this.#at = end;
    return this.#octets.subarray(start, end);
  }

  /** The same for an element with elements in it. */
  enter(tag: number, name: string): DerReader {
    return new DerReader(this.take(tag, name));
  }

  /** The next element with its tag and length. */
  whole(tag: number, name: string): Uint8Array {
    const start = this.#at;
    this.take(tag, name);
    return copyOf(this.#octets, start, this.#at);
  }

  /** @throws SecurityError bad_token where there is more */
  end(name: string): void {
    if (this.tag !== null) throw badToken(`has something behind ${name}`);
  }

  #extent(name: string): { readonly start: number; readonly end: number } {
    const first = this.#octets[this.#at + 1];
    if (first === undefined) throw badToken(`ends before the length of ${name}`);
    let start = this.#at + 2;
    let length = first;
    if (first >= 0x80) {
      const count = first & 0x7f;
      if (count === 0 || count > 4) throw badToken(`has a length that can't be, of ${name}`);
      length = 0;
      for (const octet of this.#octets.subarray(start, start + count))
        length = length * 256 + octet;
      start += count;
      const shortest = count === 1 ? 0x80 : 256 ** (count - 1);
      if (start > this.#octets.length || length < shortest) {
        throw badToken(`has a length that is not the shortest, of ${name}`);
      }
    }
    if (start + length > this.#octets.length) {
      throw badToken(
        `has ${name} of ${length} octets where ${this.#octets.length - start} are left`,
      );
    }
    return { start, end: start + length };
  }
}

/** An element with its contents. */
export function der(tag: number, ...contents: readonly Uint8Array[]): Uint8Array {
  const content = concat(...contents);
  const { length } = content;
  if (length < 0x80) return concat(Uint8Array.of(tag, length), content);
  const digits: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) digits.unshift(rest % 256);
  return concat(Uint8Array.of(tag, 0x80 | digits.length, ...digits), content);
}

/** An object identifier from its dotted form. */
export function derOid(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  const octets: number[] = [];
  for (const arc of [first * 40 + second, ...rest]) {
    const digits = [arc % 128];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) {
      digits.unshift(0x80 | (left % 128));
    }
    octets.push(...digits);
  }
  return der(tags.oid, Uint8Array.from(octets));
}

/** The dotted form of an object identifier's contents. @throws SecurityError bad_token */
export function oidText(contents: Uint8Array): string {
  const arcs: number[] = [];
  let arc = 0;
  let isInside = false;
  for (const octet of contents) {
    if (!isInside && octet === 0x80)
      throw badToken("has an object identifier that is not the shortest");
    arc = arc * 128 + (octet & 0x7f);
    if (arc > 0xffffffff) throw badToken("has an object identifier out of range");
    isInside = octet >= 0x80;
    if (isInside) continue;
    arcs.push(arc);
    arc = 0;
  }
  const [head] = arcs;
  if (head === undefined || isInside) throw badToken("has half an object identifier");
  const first = Math.min(Math.floor(head / 40), 2);
  return [first, head - first * 40, ...arcs.slice(1)].join(".");
}
