/** Waits for news of an object, for a while at most: by a notification port where the server has one, by the clock alone otherwise. */
import { setTimeout } from "node:timers/promises";

/** A notification port for one object. */
export interface News extends AsyncDisposable {
  /** Resolves when something has happened to it. */
  next(): Promise<unknown>;
}

export class Waker implements AsyncDisposable {
  #news: News | null;
  #coming: Promise<void> | null = null;

  private constructor(news: News | null) {
    this.#news = news;
  }

  /** Where no port can be had, the clock is all there is. */
  static async open(open: () => Promise<News>): Promise<Waker> {
    return new Waker(await open().catch(() => null));
  }

  /** Whether news come by themselves. */
  get isTold(): boolean {
    return this.#news !== null;
  }

  /** @throws the signal's reason */
  async wait(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
    const end = new AbortController();
    const either = signal === undefined ? end.signal : AbortSignal.any([signal, end.signal]);
    const clock = setTimeout(milliseconds, undefined, { signal: either });
    try {
      this.#listen();
      await (this.#coming === null ? clock : Promise.race([this.#coming, clock]));
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    } finally {
      end.abort();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const news = this.#news;
    this.#news = null;
    try {
      await news?.[Symbol.asyncDispose]();
    } catch {
      // A port that can't be closed any more is the server's to run down.
    }
  }

  /** One call waits at a time, for as many looks as it takes. */
  #listen(): void {
    if (this.#news === null || this.#coming !== null) return;
    this.#coming = this.#news.next().then(
      () => {
        this.#coming = null;
      },
      () => {
        this.#coming = null;
        this.#news = null;
      },
    );
  }
}
