/** Control codes run without a network, and what tests of them say often. */
import {
  Format,
  type Property,
  type PropertyValue,
  readPropertyList,
  writePropertyList,
} from "@msrpc/cluster-data";
import { ResourceState } from "@msrpc/ms-cmrp";
import { RpcError } from "@msrpc/rpc";
import { allCodes } from "../src/control/all-codes.ts";
import type { SubjectOf } from "../src/control/answer.ts";
import { control } from "../src/control/dispatch.ts";
import type { Machine } from "../src/control/machine.ts";
import { addGroupSet } from "../src/core/group-sets.ts";
import { byKind } from "../src/model/by-kind.ts";
import type { Subject, SubjectKind } from "../src/property/subject.ts";
import { type Started, utf16 } from "./registry-support.ts";

export const dword = (number: number): PropertyValue => ({ format: Format.Dword, number });
export const sz = (text: string): PropertyValue => ({ format: Format.Sz, text });

/** The one of its kind that the default cluster has first. It has no group set before one is asked for. */
export function subjectOf({ cluster }: Started, kind: SubjectKind): Subject {
  const { state } = cluster;
  if (kind === "cluster") return { kind, object: state };
  if (kind === "groupSet" && state.groupSets.size === 0) {
    cluster.run((tx) => addGroupSet(tx, "Set"));
  }
  const [object] = byKind[kind].collection(state);
  return { kind, object } as Subject;
}

export interface RunOptions extends Partial<Machine> {
  readonly room?: number;
  readonly version?: number;
}

/** Runs the code of that name, by what it is called without the kind of object. */
export function run(
  started: Started,
  subject: Subject,
  what: string,
  inBuffer: Uint8Array | null = null,
  { room = 65_536, version = 3, ...some }: RunOptions = {},
): { octets: Uint8Array; status: number } {
  const code = allCodes[subject.kind].find(({ name }) => name.endsWith(`_${what}`));
  if (code === undefined) throw new TypeError(`no code ${what} of a ${subject.kind}`);
  const machine = { osName: "", osVersion: "", environment: {}, isDirectory: () => false, ...some };
  const request = { controlCode: code.value, inBuffer, outBufferSize: room };
  const { outBuffer, returnValue } = control(started.cluster, subject, request, {
    version,
    machine,
  });
  return { octets: outBuffer, status: returnValue };
}

export function read(
  started: Started,
  subject: Subject,
  what: string,
): Record<string, PropertyValue | null> {
  const list = readPropertyList(run(started, subject, what).octets);
  return Object.fromEntries(list.map(({ name, value }) => [name, value]));
}

export function set(
  started: Started,
  subject: Subject,
  scope: string,
  ...list: Property[]
): number {
  return run(started, subject, `SET_${scope}_PROPERTIES`, writePropertyList(list)).status;
}

/** The status that a call is refused with; null where it isn't. */
export function refusal(call: () => unknown): number | null {
  try {
    call();
    return null;
  } catch (error) {
    if (error instanceof RpcError) return error.status;
    throw error;
  }
}

export function namesIn({ octets }: { octets: Uint8Array }): string[] {
  const text = Buffer.from(octets).toString("utf16le");
  return text.split("\0").filter((name) => name !== "");
}

export function bringOnline({ cluster }: Started, { object }: SubjectOf<"resource">): void {
  cluster.run((tx) => tx.enter("resource", object, { state: ResourceState.Online }));
}

/** A resource of a type, offline in a group of its own. */
export async function resourceOf(
  started: Started,
  resourceType: string,
): Promise<SubjectOf<"resource">> {
  const { client, cluster } = started;
  await using group = await client.createGroup({ groupName: `of ${resourceType}` });
  await using resource = await client.createResource({
    group,
    resourceName: `a ${resourceType}`,
    resourceType,
    flags: 0,
  });
  const { id } = await client.getResourceId({ resource });
  const object = cluster.state.resources.get(id ?? "");
  if (object === undefined) throw new TypeError("it wasn't made");
  return { kind: "resource", object };
}

/** The numbers in an answer. */
export function dwords(octets: Uint8Array): number[] {
  const view = new DataView(octets.buffer, octets.byteOffset);
  return Array.from({ length: octets.length / 4 }, (_, index) => view.getUint32(index * 4, true));
}

/** Numbers as input. */
export function given(...numbers: readonly number[]): Uint8Array {
  const octets = new Uint8Array(numbers.length * 4);
  const view = new DataView(octets.buffer);
  for (const [index, number] of numbers.entries()) view.setUint32(index * 4, number, true);
  return octets;
}

/** An answer as text, with its nulls. */
export function textIn({ octets }: { octets: Uint8Array }): string {
  return Buffer.from(octets).toString("utf16le");
}

export function typeOf({ cluster: { state } }: Started, name: string): Subject {
  const object = state.resourceTypes.find(name);
  if (object === undefined) throw new TypeError(`no type ${name}`);
  return { kind: "resourceType", object };
}

/** Numbers, and the name of a volume in 520 octets. */
export function asked(name: string, ...numbers: number[]): Uint8Array {
  const octets = new Uint8Array(numbers.length * 4 + 520);
  octets.set(given(...numbers));
  octets.set(utf16(name), numbers.length * 4);
  return octets;
}
