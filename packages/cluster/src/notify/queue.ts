/** First in, first out, in constant time. */
export class Queue<T> {
  #items: T[] = [];
  #first = 0;

  get size(): number {
    return this.#items.length - this.#first;
  }

  push(item: T): void {
    this.#items.push(item);
  }

  /** The oldest ones, at most so many. */
  take(most: number): T[] {
    const taken = this.#items.slice(this.#first, this.#first + most);
    this.#first += taken.length;
    if (this.#first * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#first);
      this.#first = 0;
    }
    return taken;
  }
}
