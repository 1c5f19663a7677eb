/** What objects of every kind have: a name, and a handle that is opened at the first call and kept. */
import type { ContextHandle } from "@msrpc/ndr";
import type { CallOptions, Opened } from "@msrpc/rpc";
import { EventStream } from "../events/stream.ts";
import { control, type ControlOptions } from "../properties/control.ts";
import { PropertyBag } from "../properties/bag.ts";
import type { Api, ControlledKind } from "../session/kinds.ts";
import type { Session } from "../session/session.ts";
import type { News } from "./waker.ts";

export abstract class ClusterObject<
  Handle extends ContextHandle,
  Known,
> implements AsyncDisposable {
  protected readonly session: Session;
  /** What it is, for the session and for `events({ of })`. */
  readonly kind: ControlledKind<Handle>;
  /** Properties that all objects of its kind have. */
  readonly common: PropertyBag<Known, Handle>;
  /** Properties that its type has, or that somebody added. */
  readonly private: PropertyBag<unknown, Handle>;
  #name: string;

  constructor(session: Session, kind: ControlledKind<Handle>, name: string) {
    this.session = session;
    this.kind = kind;
    this.#name = name;
    const named = (): string => this.#name;
    this.common = new PropertyBag(session, kind, named, "common");
    this.private = new PropertyBag(session, kind, named, "private");
  }

  /** Its name, or the ID that it was asked for by. */
  get name(): string {
    return this.#name;
  }

  /** Its ID, which no other object ever has. */
  abstract id(options?: CallOptions): Promise<string>;

  /**
   * Runs a control code, which says by itself what kind of object it is for, and gives the octets of its answer ([MS-CMRP]
   * 3.1.4.3).
   *
   * @throws ClusterError ERROR_INVALID_FUNCTION for a code that the object doesn't have
   */
  async control(
    controlCode: number,
    input: Uint8Array | null = null,
    options?: ControlOptions,
  ): Promise<Uint8Array> {
    return await control(this.session, this.kind, this.#name, controlCode, input, options);
  }

  /** `group "SQL"`. */
  toString(): string {
    return `${this.kind.noun} "${this.#name}"`;
  }

  /** Closes its handle. The next call opens it again. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.session.close(this.kind, this.#name);
  }

  protected async use<T>(call: (api: Api, handle: Opened<Handle>) => Promise<T>): Promise<T> {
    return await this.session.use(this.kind, this.#name, call);
  }

  /** Tells when something has happened to it. */
  protected async watch(): Promise<News> {
    const events = await new EventStream(this.session, { of: [this] }).open();
    const iteration = events[Symbol.asyncIterator]();
    return {
      next: () => iteration.next(),
      [Symbol.asyncDispose]: () => events[Symbol.asyncDispose](),
    };
  }

  protected async renameBy(
    call: (api: Api, handle: Opened<Handle>) => Promise<void>,
    to: string,
  ): Promise<void> {
    await this.use(call);
    this.session.rename(this.kind, this.#name, to);
    this.#name = to;
  }

  protected async deleteBy(
    call: (api: Api, handle: Opened<Handle>) => Promise<void>,
  ): Promise<void> {
    await this.use(call);
    await this[Symbol.asyncDispose]();
  }
}
