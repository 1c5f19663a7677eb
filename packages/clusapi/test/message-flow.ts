/** Message flows of examples: which operations went over, and the octets of their stubs, which are built here by hand. */
import { type clusapi3 as Descriptor, clusapi3 } from "@msrpc/ms-cmrp/clusapi3";
import type { ContextHandle } from "@msrpc/ndr";
import { type Client, createClient, inMemoryTransport, type Router } from "@msrpc/rpc";

export interface Message {
  /** `ApiOpenGroup` */
  readonly operation: string;
  readonly request: string;
  response: string;
}

export interface Recorded extends AsyncDisposable {
  readonly client: Client<(typeof Descriptor)["operations"]>;
  /** Since the last time that they were asked for, with their octets in hexadecimal. */
  flow(): Message[];
}

const namesByOpnum = new Map(
  Object.values(clusapi3.operations).map(({ opnum, name }) => [opnum, name]),
);

export function record(router: Router): Recorded {
  let messages: (Message & { readonly call: number })[] = [];
  const transport = inMemoryTransport(router, {
    onStub(event) {
      const { opnum, call } = event;
      if (event.direction === "fault") throw new Error(`a fault: ${event.status}`);
      const hex = Buffer.from(event.stub).toString("hex");
      if (event.direction === "request") {
        const operation = namesByOpnum.get(opnum) ?? String(opnum);
        messages.push({ operation, call, request: hex, response: "" });
        return;
      }
      const asked = messages.find((one) => one.call === call);
      if (asked !== undefined) asked.response = hex;
    },
  });
  const client = createClient(clusapi3, transport);
  return {
    client,
    flow() {
      const seen = messages.map(({ operation, request, response }) => ({
        operation,
        request,
        response,
      }));
      messages = [];
      return seen;
    },
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  };
}

/** Octets of a stub in NDR, little-endian ([C706] 14). */
export class Octets {
  #hex = "";

  get hex(): string {
    return this.#hex;
  }

  u32(...numbers: readonly number[]): this {
    this.#align();
    const data = Buffer.alloc(numbers.length * 4);
    for (const [at, number] of numbers.entries()) data.writeUInt32LE(number >>> 0, at * 4);
    this.#hex += data.toString("hex");
    return this;
  }

  /** A conformant varying string with its zero. */
  text(text: string): this {
    const length = text.length + 1;
    this.u32(length, 0, length);
    this.#hex += Buffer.from(`${text}\0`, "utf16le").toString("hex");
    return this;
  }

  /** A pointer that is not null, with what it points at right behind. The number is of the sender's choice. */
  pointed(referent: number, text: string): this {
    return this.u32(referent).text(text);
  }

  /** Attributes and a UUID, whose first three parts are numbers. */
  handle({ attributes, uuid }: Pick<ContextHandle, "attributes" | "uuid">): this {
    this.u32(attributes);
    const [a = "", b = "", c = "", ...rest] = uuid.split("-");
    const reversed = [a, b, c].map((part) =>
      Buffer.from(Buffer.from(part, "hex").toReversed()).toString("hex"),
    );
    this.#hex += [...reversed, ...rest].join("");
    return this;
  }

  octets(data: Uint8Array): this {
    this.#hex += Buffer.from(data).toString("hex");
    return this;
  }

  #align(): void {
    while (this.#hex.length % 8 !== 0) this.#hex += "00";
  }
}

export function octets(): Octets {
  return new Octets();
}

/** The number in hexadecimal octets at a place: of a pointer, whose value is the sender's. */
export function numberAt(hex: string, at: number): number {
  return Buffer.from(hex, "hex").readUInt32LE(at);
}
