/** Scripts of servers: what to answer to which request, in the form that `msrpc decode --format json` has. */
import { type Json, JsonValueError, stubFromJson, stubToJson, type StructValue } from "@msrpc/wire";
import { RpcFault } from "@msrpc/rpc";
import type { SessionCall } from "../capture/sessions.ts";
import type { FoundOperation } from "../find.ts";
import { UsageError } from "../usage-error.ts";

interface Entry extends SessionCall {
  isUsed: boolean;
}

export type Scripted =
  { readonly response: { readonly [name: string]: Json } } | { readonly fault: number };

export class Script {
  readonly #entries: readonly Entry[];

  /** @throws UsageError for entries that name no operation or answer nothing */
  constructor(calls: readonly SessionCall[], name: string) {
    this.#entries = calls.map((call, at) => {
      if (typeof call !== "object" || call === null || typeof call.operation !== "string") {
        throw new UsageError(`${name}: entry ${at + 1} names no operation`);
      }
      if (call.fault !== undefined) faultOf(call.fault, `${name}: entry ${at + 1}`);
      return { ...call, isUsed: false };
    });
  }

  /**
   * What stands for a request: of the entries whose request says nothing else, the next one that was not used yet, or
   * the last one again. Undefined where there is none.
   */
  answerTo(found: FoundOperation, request: StructValue): Scripted | undefined {
    const { plan, interface: on, operation, statuses } = found;
    const json = stubToJson(plan, operation, "in", request, statuses);
    const names = new Set([operation.name, `${on.name}.${operation.name}`]);
    const fitting = this.#entries.filter(
      (entry) =>
        names.has(entry.operation) &&
        (entry.response !== undefined || entry.fault !== undefined) &&
        (entry.request === undefined || says(entry.request, json)),
    );
    const entry = fitting.find(({ isUsed }) => !isUsed) ?? fitting.at(-1);
    if (entry === undefined) return undefined;
    entry.isUsed = true;
    if (entry.fault !== undefined) return { fault: faultOf(entry.fault, "script") };
    return { response: entry.response as { readonly [name: string]: Json } };
  }
}

/** The calls of a script file. @throws UsageError for what is none */
export function callsIn(text: string, name: string): readonly SessionCall[] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${name} is not JSON: ${error instanceof Error ? error.message : ""}`);
  }
  if (!Array.isArray(json)) throw new UsageError(`${name} is no list of calls`);
  return json as readonly SessionCall[];
}

/** The response of a script over a drawn one, so that a script needs to say only what matters. */
export function responseOf(
  { plan, operation, statuses }: FoundOperation,
  scripted: { readonly [name: string]: Json },
  drawn: StructValue,
): StructValue {
  const json = { ...stubToJson(plan, operation, "out", drawn, statuses), ...scripted };
  try {
    return stubFromJson(plan, operation, "out", json, statuses);
  } catch (error) {
    if (!(error instanceof JsonValueError)) throw error;
    throw new UsageError(`the script's response of ${operation.name}: ${error.message}`);
  }
}

/** Whether all that a pattern says is so. What it doesn't mention may be anything. */
function says(pattern: Json, json: Json | undefined): boolean {
  if (typeof pattern !== "object" || pattern === null) return pattern === json;
  if (typeof json !== "object" || json === null) return false;
  if (Array.isArray(pattern)) {
    if (!Array.isArray(json) || pattern.length !== json.length) return false;
    return pattern.every((each: Json, at) => says(each, json[at] as Json));
  }
  return Object.entries(pattern).every(([name, part]) =>
    says(part, Object.hasOwn(json, name) ? (json as { [name: string]: Json })[name] : undefined),
  );
}

/** The status of a fault by its name, or in hexadecimal. */
function faultOf(text: string, where: string): number {
  if (/^0x[0-9a-f]{1,8}$/i.test(text)) return Number(text);
  const status = RpcFault.statusOf(text);
  if (status === null) throw new UsageError(`${where}: ${text} is no fault`);
  return status;
}
