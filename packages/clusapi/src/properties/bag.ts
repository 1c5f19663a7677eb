/** The properties of an object: common ones, which all of its kind have, or private ones, which its type or somebody adds. */
import { Status } from "@msrpc/ms-cmrp";
import type { ContextHandle } from "@msrpc/ndr";
import { type CallOptions, type Opened, RpcError } from "@msrpc/rpc";
import type { Api, ControlledKind } from "../session/kinds.ts";
import type { Session } from "../session/session.ts";
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
  common: { readOnly: 0x55, get: 0x59, set: 0x40_005e },
  private: { readOnly: 0x7d, get: 0x81, set: 0x40_0086 },
} as const;

const firstSize = 2048;

export class PropertyBag<Known, Handle extends ContextHandle = ContextHandle> {
  readonly #session: Session;
  readonly #kind: ControlledKind<Handle>;
  readonly #name: () => string;
  readonly #codes: (typeof codes)[keyof typeof codes];

  constructor(
    session: Session,
    kind: ControlledKind<Handle>,
    name: () => string,
    which: keyof typeof codes,
  ) {
    this.#session = session;
    this.#kind = kind;
    this.#name = name;
    this.#codes = codes[which];
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
    const known = await this.#read(this.#codes.get, options);
    const changed = Object.entries<PropertyValue | null | undefined>(values).flatMap(
      ([name, value]) => {
        if (value === undefined) return [];
        const found = known.find((one) => one.name.toLowerCase() === name.toLowerCase());
        return { name: found?.name ?? name, format: found?.format ?? formatFor(value), value };
      },
    );
    const inBuffer = writeProperties(changed);
    const { returnValue = 0 } = await this.#use((api, handle) =>
      this.#kind.control(
        api,
        handle,
        { controlCode: this.#code(this.#codes.set), inBuffer, outBufferSize: 0 },
        options,
      ),
    );
    return returnValue === Status.ERROR_RESOURCE_PROPERTIES_STORED ? "stored" : "applied";
  }

  async #read(part: number, options?: CallOptions): Promise<ListedProperty[]> {
    const controlCode = this.#code(part);
    return await this.#use(async (api, handle) => {
      for (let outBufferSize = firstSize; ;) {
        const request = { controlCode, inBuffer: null, outBufferSize };
        try {
          const { outBuffer } = await this.#kind.control(api, handle, request, options);
          return outBuffer.length === 0 ? [] : readProperties(outBuffer);
        } catch (error) {
          const needed = roomFor(error);
          if (needed <= outBufferSize) throw error;
          outBufferSize = needed;
        }
      }
    });
  }

  #code(part: number): number {
    return this.#kind.controlObject * 0x100_0000 + part;
  }

  async #use<T>(call: (api: Api, handle: Opened<Handle>) => Promise<T>): Promise<T> {
    return await this.#session.use(this.#kind, this.#name(), call);
  }
}

/** The size that an answer asks for which had too little room; 0 for any other error. */
function roomFor(error: unknown): number {
  if (!(error instanceof RpcError) || error.status !== Status.ERROR_MORE_DATA) return 0;
  const { requiredSize = 0 } = (error.response ?? {}) as { readonly requiredSize?: number };
  return requiredSize;
}
