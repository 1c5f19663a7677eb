/** How much is done for a client before the event loop, and with it everybody else, has its turn. */

/** Each of them takes microseconds as a rule, and together they keep nobody waiting. */
const mostCalls = 256;
/** Octets of answers, which are to be written, and often sealed: a few milliseconds' worth. */
const mostOctets = 1 << 20;

export class Turn {
  readonly #later: (run: () => void) => void;
  readonly #goOn: () => void;
  #calls = 0;
  #octets = 0;
  #isAwaited = false;

  /** `later` runs a function when others have had their turn, and `goOn` is what is to be run then. */
  constructor(later: (run: () => void) => void, goOn: () => void) {
    this.#later = later;
    this.#goOn = goOn;
  }

  /** The event loop has come here anew. */
  begin(): void {
    if (this.#isAwaited) return;
    this.#calls = 0;
    this.#octets = 0;
  }

  ran(): void {
    this.#calls++;
  }

  answered(octets: number): void {
    this.#octets += octets;
  }

  /** Others have their turn. */
  get isAwaited(): boolean {
    return this.#isAwaited;
  }

  /** Whether what there is to do is left for the next turn, which is awaited then. */
  leaves(): boolean {
    if (this.#isAwaited) return true;
    if (this.#calls < mostCalls && this.#octets < mostOctets) return false;
    this.#isAwaited = true;
    this.#later(() => {
      this.#isAwaited = false;
      this.begin();
      this.#goOn();
    });
    return true;
  }
}
