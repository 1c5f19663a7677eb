/** Codecs of responses that hold nothing but statuses: one for all operations of an interface that have it. */
import type { OperationEntry } from "../model/operation.ts";
import type { Registry } from "../model/registry.ts";
import { Module } from "../print/module.ts";
import { Emitter, quote } from "./context.ts";
import { list } from "../print/doc.ts";
import { emitResponse } from "./operation.ts";
import { emitMembers } from "./struct.ts";

export interface SharedCodec {
  /** `statusResponse`. */
  readonly name: string;
  /** `StatusResponse`. */
  readonly type: string;
  readonly file: string;
}

export class SharedResponses {
  readonly #codecs = new Map<string, { codec: SharedCodec; entry: OperationEntry }>();

  constructor(operations: readonly OperationEntry[]) {
    const users = Map.groupBy(operations, formOf);
    for (const [form, same] of users) {
      if (form === "" || same.length < 2) continue;
      const [entry] = same;
      const names = entry!.response.slots.map((slot) => (slot.role.kind === "member" ? slot.role.name : ""));
      const only = names.length === 1 && names[0] === "returnValue" ? "StatusResponse" : null;
      const type = only ?? `${names.map((name) => name.charAt(0).toUpperCase() + name.slice(1)).join("")}Response`;
      const short = names.includes("returnValue") && [...this.#codecs.values()].every(({ codec }) => codec.type !== "StatusResponse");
      const chosen = short ? "StatusResponse" : type;
      const codec = {
        name: chosen.charAt(0).toLowerCase() + chosen.slice(1),
        type: chosen,
        file: `${entry!.interface.folder}/responses.ts`,
      };
      this.#codecs.set(form, { codec, entry: entry! });
    }
  }

  codecOf(entry: OperationEntry): SharedCodec | null {
    return this.#codecs.get(formOf(entry))?.codec ?? null;
  }

  /** The module that holds them; null where no response is shared. */
  emit(registry: Registry): Module | null {
    const [first] = this.#codecs.values();
    if (first === undefined) return null;
    const module = new Module(first.codec.file);
    const out = module.body;
    for (const { codec, entry } of this.#codecs.values()) {
      const emitter = new Emitter(module, registry, entry.interface.unit);
      if (!out.isEmpty) out.add("");
      out.comment("What the server answers where nothing comes back but whether it worked.");
      out.nest(`export interface ${codec.type}`, () => emitMembers(emitter, out, entry.response.slots, () => false));
      out.add("");
      const operation = module.type({ name: "Operation", from: { package: "@msrpc/rpc" } });
      out.comment(`Encodes and decodes {@link ${codec.type}}; operations spread it into themselves.`);
      const members = '"encodeResponse" | "decodeResponse" | "empty" | "status"';
      out.add(`export const ${codec.name}: Pick<`);
      out.addAll([`  ${operation}<object, ${codec.type}, void>,`, `  ${members}`, "> = {"]);
      const inner = out.inner((body) => {
        emitResponse(emitter, body, entry);
        body.add([list("status: [", entry.status.map(quote), "]"), ","]);
      });
      out.append(inner);
      out.add("};");
    }
    return module;
  }
}

/** Equal for operations whose responses can have one codec; empty where a response holds more than statuses. */
function formOf(entry: OperationEntry): string {
  const { response, status } = entry;
  const isPlain = response.slots.every((slot) => slot.role.kind === "member" && status.includes(slot.role.name));
  if (!isPlain || response.slots.length === 0 || entry.outPipes.length > 0 || entry.accepts.length > 0) return "";
  return JSON.stringify([response.slots.map((slot) => [slot.wire, slot.role, slot.type, slot.overlay]), status]);
}
