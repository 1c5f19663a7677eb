/** What the handlers of every operation share. */
import { type clusapi3, type EnumList, type GroupHandle, Status } from "@msrpc/ms-cmrp";
import type { ContextHandle } from "@msrpc/ndr";
import { type CallContext, type HandleKind, type Handlers, RpcError } from "@msrpc/rpc";
import type { Cluster } from "../core/cluster.ts";
import type { Collection, Identified } from "../model/collection.ts";
import type { Group } from "../model/objects.ts";
import {
  type AccessLevel,
  type AccessPolicy,
  demandAccess,
  grant,
  kinds,
  type Opened,
  use,
} from "./opened.ts";

export type Handlers3 = Handlers<(typeof clusapi3)["operations"]>;

export interface Served {
  readonly cluster: Cluster;
  readonly policy: AccessPolicy;
}

/** How objects of one kind are opened by name or ID, plainly with all access and with the access asked for. */
export interface Opener<Handle extends ContextHandle> {
  open(name: string, context: CallContext): Handle;
  openEx(
    name: string,
    desiredAccess: number,
    context: CallContext,
  ): { grantedAccess: number; returnValue: Handle };
}

/** `missing` is the status where nothing has that name. */
export function opener<Handle extends ContextHandle, T extends Identified>(
  { policy }: Served,
  kind: HandleKind<Handle, Opened<T>>,
  objects: Collection<T>,
  missing: number,
): Opener<Handle> {
  const find = (name: string): T => found(objects.find(name), missing);
  return {
    open(name, { caller, handles }) {
      demandAccess(policy, caller, "all");
      return handles.open(kind, { object: find(name), access: "all" });
    },
    openEx(name, desiredAccess, { caller, handles }) {
      const { access, grantedAccess } = grant(policy, caller, desiredAccess);
      return { grantedAccess, returnValue: handles.open(kind, { object: find(name), access }) };
    },
  };
}

/** @throws RpcError with the status where there is none */
export function found<T>(object: T | undefined, missing: number): T {
  if (object === undefined) throw new RpcError(missing);
  return object;
}

/** @throws RpcError with the status where an object was deleted since it was opened */
export function present<T extends Identified>(objects: Collection<T>, object: T, gone: number): T {
  if (!objects.has(object)) throw new RpcError(gone);
  return object;
}

/** The group of a handle. @throws RpcError ERROR_GROUP_NOT_AVAILABLE for one that was deleted, or is about to be */
export function usedGroup(
  { cluster: { state } }: Served,
  context: CallContext,
  handle: GroupHandle,
  needed: AccessLevel = "all",
  gone: number = Status.ERROR_GROUP_NOT_AVAILABLE,
): Group {
  const group = present(state.groups, use(context, kinds.group, handle, needed), gone);
  return found(group.isDeleting ? undefined : group, Status.ERROR_GROUP_NOT_AVAILABLE);
}

/** An answer of objects by name. */
export function listNames(type: number, names: Iterable<string>): { returnEnum: EnumList } {
  return { returnEnum: { entries: Array.from(names, (name) => ({ type, name })) } };
}

/** @throws RpcError ERROR_INVALID_PARAMETER for bits that none of the flags has */
export function demandFlags(bits: number, flags: Readonly<Record<string, number>>): void {
  const known = Object.values(flags).reduce((all, flag) => all | flag, 0);
  if ((bits & ~known) !== 0) throw invalidParameter();
}

export function hasFlag(bits: number, flag: number): boolean {
  return (bits & flag) !== 0;
}

export function invalidParameter(): RpcError {
  return new RpcError(Status.ERROR_INVALID_PARAMETER);
}
