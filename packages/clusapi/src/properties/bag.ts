/** The properties of an object: common ones, which all of its kind have, or private ones, which its type or somebody adds. */
import { Status } from "@msrpc/ms-cmrp";
import type { ContextHandle } from "@msrpc/ndr";
import type { CallOptions } from "@msrpc/rpc";
import type { ControlAnswer, ControlledKind } from "../session/kinds.ts";
import type { Session } from "../session/session.ts";
import { runControl } from "./control.ts";
import { type ListedProperty, readProperties, writeProperties } from "./list.ts";
import { formatFor, type PropertyValue } from "./value.ts";

/** By name. Null sets the default. */
export type Properties = Readonly<Record<string, PropertyValue>>;
export type PropertyChanges<Known> = Partial<{ [K in keyof Known]: Known[K] | null }> &
  Readonly<Record<string, PropertyValue | null>>;

export interface PropertyEntry extends ListedProperty {
  readonly isReadOnly: boolean;
}

/** The lower parts of control codes ([MS-CMRP] 2.2.3.19 and on): what is asked, without the kind of object. */
const codes = {
  common: { readOnly: 0x55, get: 0x59, set: 0x40_005e, validate: 0x61 },
  private: { readOnly: 0x7d, get: 0x81, set: 0x40_0086, validate: 0x89 },
} as const;

export class PropertyBag<Known, Handle extends ContextHandle = ContextHandle> {
  readonly #session: Session;
  readonly #kind: ControlledKind<Handle>;
  readonly #name: () => string;
  /** As errors name it, where that isn't by kind and name. */
  readonly #object: string | undefined;
  readonly #codes: (typeof codes)[keyof typeof codes];

  constructor(
    session: Session,
    kind: ControlledKind<Handle>,
    name: () => string,
    which: keyof typeof codes,
    object?: string,
  ) {
    this.#session = session;
    this.#kind = kind;
    this.#name = name;
    this.#codes = codes[which];
    this.#object = object;
  }

  /** All of them by name. @throws ClusterError, PropertyListError */
  async get(options?: CallOptions): Promise<Partial<Known> & Properties> {
    const all = (await this.list(options)).map(({ name, value }) => [name, value] as const);
    return Object.fromEntries(all) as Partial<Known> & Properties;
  }

  /** The same with their formats, those that can't be set first. */
  async list(options?: CallOptions): Promise<PropertyEntry[]> {
    const { readOnly, get } = this.#codes;
    const fixed = await this.#read(readOnly, options);
    const open = await this.#read(get, options);
    return [
      ...fixed.map((property) => ({ ...property, isReadOnly: true })),
      ...open.map((property) => ({ ...property, isReadOnly: false })),
    ];
  }

  /**
   * Sets properties, all or none. A property keeps the format that it has; a new one has that of its value. What is
   * `"stored"` has its effect when the resource comes online the next time.
   *
   * @throws ClusterError; TypeError, RangeError for a value that a property's format doesn't hold
   */
  async set(values: PropertyChanges<Known>, options?: CallOptions): Promise<"applied" | "stored"> {
    const list = await this.#changes(values, options);
    const { returnValue } = await this.#run(this.#codes.set, list, options);
    return returnValue === Status.ERROR_RESOURCE_PROPERTIES_STORED ? "stored" : "applied";
  }

  /** Has the cluster look whether `set` would do, without doing it. @throws what `set` would */
  async validate(values: PropertyChanges<Known>, options?: CallOptions): Promise<void> {
    const list = await this.#changes(values, options);
    await this.#run(this.#codes.validate, list, options);
  }

  /** The property list of what can be set, as it came. */
  async octets(options?: CallOptions): Promise<Uint8Array> {
    return (await this.#run(this.#codes.get, null, options)).outBuffer;
  }

  async #changes(values: PropertyChanges<Known>, options?: CallOptions): Promise<Uint8Array> {
    const known = await this.#read(this.#codes.get, options);
    const changed = Object.entries<PropertyValue | null | undefined>(values).flatMap(
      ([name, value]) => {
        if (value === undefined) return [];
        const found = known.find((one) => one.name.toLowerCase() === name.toLowerCase());
        return { name: found?.name ?? name, format: found?.format ?? formatFor(value), value };
      },
    );
    return writeProperties(changed);
  }

  async #read(part: number, options?: CallOptions): Promise<ListedProperty[]> {
    const { outBuffer } = await this.#run(part, null, options);
    return outBuffer.length === 0 ? [] : readProperties(outBuffer);
  }

  async #run(
    part: number,
    input: Uint8Array | null,
    options?: CallOptions,
  ): Promise<ControlAnswer> {
    const code = this.#kind.controlObject * 0x100_0000 + part;
    return await this.#session.use(
      this.#kind,
      this.#name(),
      (api, handle) => runControl(this.#kind, api, handle, code, input, options),
      this.#object,
    );
  }
}
