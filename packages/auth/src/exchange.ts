/** An exchange of tokens: each side in its turn, until it is complete or has failed for good. */
import { SecurityError, type SecurityStep } from "@msrpc/rpc";

export abstract class Exchange {
  readonly #name: string;
  readonly #longestToken: number;
  #isBusy = false;
  #isComplete = false;
  #isFailed = false;

  /** `name`: that of the mechanism, for errors. `longestToken`: octets of the longest that is looked at. */
  constructor(name: string, longestToken: number = Infinity) {
    this.#name = name;
    this.#longestToken = longestToken;
  }

  /** Takes the peer's token, in its turn. */
  protected abstract take(token: Uint8Array | null): SecurityStep | Promise<SecurityStep>;

  /** Lets go of what it holds, none of which is used any more. May be called again. */
  protected abstract release(): void;

  async step(token: Uint8Array | null): Promise<SecurityStep> {
    if (this.#isFailed || this.#isBusy || this.#isComplete) throw this.outOfTurn();
    this.#isBusy = true;
    try {
      if (token !== null && token.length > this.#longestToken) {
        throw new SecurityError("bad_token", `${this.#name}: a token of ${token.length} octets`);
      }
      const step = await this.take(token);
      // It may have been disposed of meanwhile.
      if (this.#isFailed) throw this.outOfTurn();
      this.#isComplete = step.complete;
      return step;
    } catch (error) {
      this.#isFailed = true;
      throw error;
    } finally {
      this.#isBusy = false;
      if (this.#isFailed) this.release();
    }
  }

  /** A leg that is under way keeps what it uses until it ends. */
  dispose(): void {
    this.#isFailed = true;
    if (!this.#isBusy) this.release();
  }

  protected get isComplete(): boolean {
    return this.#isComplete;
  }

  protected get isFailed(): boolean {
    return this.#isFailed;
  }

  /** Nothing is taken, signed or verified any more. */
  protected fail(): void {
    this.#isFailed = true;
  }

  protected outOfTurn(): SecurityError {
    return new SecurityError("bad_token", `${this.#name}: a token is out of turn`);
  }

  protected noSession(): SecurityError {
    return new SecurityError("bad_signature", `${this.#name}: a signature is asked of no session`);
  }
}
