/** What contexts of mechanisms are: an exchange, then a session that protects PDUs. */
import type { Principal } from "@msrpc/rpc";
import { Exchange } from "./exchange.ts";
import type { Mechanism } from "./mechanism.ts";

/** What an exchange came to. */
interface Outcome {
  readonly sessionKey: Uint8Array | null;
  readonly peer: Principal | null;
  readonly hasIntegrity: boolean;
  readonly wantsMechListMic: boolean;
}

export abstract class MechanismContext<Session>
  extends Exchange
  implements Pick<Mechanism, keyof Outcome | "supportsHeaderSigning">
{
  readonly supportsHeaderSigning: boolean = true;
  #session: Session | null = null;
  #outcome: Outcome | null = null;

  get peer(): Principal | null {
    return this.#outcome?.peer ?? null;
  }

  get sessionKey(): Uint8Array | null {
    return this.#outcome?.sessionKey ?? null;
  }

  get hasIntegrity(): boolean {
    return this.#outcome?.hasIntegrity ?? false;
  }

  get wantsMechListMic(): boolean {
    return this.#outcome?.wantsMechListMic ?? false;
  }

  /** The exchange is complete. */
  protected begin(session: Session, outcome: Outcome): void {
    this.#session = session;
    this.#outcome = outcome;
  }

  protected use(): Session {
    if (this.#session === null || this.isFailed) throw this.noSession();
    return this.#session;
  }

  /** A message that does not fit is the last: what came after it can't be told from what was lost. */
  protected guard(check: (session: Session) => void): void {
    const session = this.use();
    try {
      check(session);
    } catch (error) {
      this.fail();
      throw error;
    }
  }

  protected override release(): void {
    this.#session = null;
    if (this.#outcome !== null) this.#outcome = { ...this.#outcome, sessionKey: null };
  }
}
