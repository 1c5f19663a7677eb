/** Operations by what stands on the wire: an interface's UUID and version, and an opnum. */
import { statusesOf } from "@msrpc/codegen";
import type { InterfaceId } from "@msrpc/rpc";
import type { Found, FoundOperation } from "../find.ts";

export class Interfaces {
  readonly #byId = new Map<string, FoundInterface>();

  /** Of two files with one interface in one major version, the first counts. */
  constructor(plans: readonly Found[]) {
    for (const found of plans) {
      for (const each of found.plan.interfaces) {
        const key = keyOf(each);
        if (!this.#byId.has(key)) this.#byId.set(key, { found, interface: each });
      }
    }
  }

  /** Undefined for an interface that no file has. */
  named(id: InterfaceId): string | undefined {
    return this.#byId.get(keyOf(id))?.interface.name;
  }

  /** Null for what no file has, or has no wire form. */
  operation(id: InterfaceId, opnum: number): FoundOperation | null {
    const there = this.#byId.get(keyOf(id));
    const operation = there?.interface.operations[opnum];
    if (there === undefined || operation === undefined || operation.form === "absent") return null;
    const { found } = there;
    const statuses = statusesOf(found.overlay, there.interface.name, operation);
    return { plan: found.plan, interface: there.interface, operation, statuses };
  }

  [Symbol.iterator](): IterableIterator<FoundInterface> {
    return this.#byId.values();
  }
}

export interface FoundInterface {
  readonly found: Found;
  readonly interface: FoundOperation["interface"];
}

function keyOf({ uuid, version }: InterfaceId): string {
  return `${uuid} ${version.major}`;
}
