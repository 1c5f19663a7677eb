/** What one end of a TCP connection sent, in order, whatever order its segments were captured in. */

/** Octets in order; `isAfterGap`: something before them is missing. */
export interface Piece {
  readonly octets: Uint8Array;
  readonly isAfterGap: boolean;
}

/** Octets and segments that wait for what is before them; where more come, that is given up. */
const mostWaiting = { octets: 4 << 20, segments: 1024 } as const;

export class HalfStream {
  /** Sequence number of the next octet; null before the first segment. */
  #next: number | null = null;
  #waiting: { readonly sequence: number; readonly octets: Uint8Array }[] = [];
  #held = 0;

  /** The next octet has the number behind that of a SYN. */
  start(sequence: number): void {
    this.#next = (sequence + 1) >>> 0;
    this.#waiting = [];
    this.#held = 0;
  }

  /** Takes a segment, and gives what is in order now. */
  push(sequence: number, octets: Uint8Array): Piece[] {
    if (octets.length === 0) return [];
    this.#next ??= sequence;
    const ahead = this.#ahead(sequence);
    if (ahead > 0) {
      this.#waiting.push({ sequence, octets });
      this.#held += octets.length;
      const isTooMuch =
        this.#held > mostWaiting.octets || this.#waiting.length > mostWaiting.segments;
      return isTooMuch ? this.finish() : [];
    }
    return [...this.#take(sequence, octets, false), ...this.#inOrder()];
  }

  /** What waits, with the gaps before it: nothing more fills them. */
  finish(): Piece[] {
    const pieces: Piece[] = [];
    while (this.#waiting.length > 0) {
      const first = this.#waiting.reduce((least, each) =>
        this.#ahead(each.sequence) < this.#ahead(least.sequence) ? each : least,
      );
      this.#next = first.sequence;
      this.#drop(first);
      pieces.push(...this.#take(first.sequence, first.octets, true), ...this.#inOrder());
    }
    return pieces;
  }

  #inOrder(): Piece[] {
    const pieces: Piece[] = [];
    for (;;) {
      const found = this.#waiting.find(({ sequence }) => this.#ahead(sequence) <= 0);
      if (found === undefined) return pieces;
      this.#drop(found);
      pieces.push(...this.#take(found.sequence, found.octets, false));
    }
  }

  #drop(segment: { readonly octets: Uint8Array }): void {
    this.#waiting = this.#waiting.filter((each) => each !== segment);
    this.#held -= segment.octets.length;
  }

  /** What of a segment was not sent before. */
  #take(sequence: number, octets: Uint8Array, isAfterGap: boolean): Piece[] {
    const known = -this.#ahead(sequence);
    if (known >= octets.length) return [];
    this.#next = (sequence + octets.length) >>> 0;
    return [{ octets: octets.subarray(known), isAfterGap }];
  }

  /** How far a number is ahead of the next one; sequence numbers go round. */
  #ahead(sequence: number): number {
    return (sequence - (this.#next ?? sequence)) | 0;
  }
}
