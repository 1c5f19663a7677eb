/** Handles to registry keys, each with the rights that it was opened with ([MS-CMRP] 2.2.1.5, 3.1.4.2.29). */
import { type AccessResult, type AccessToken, tokenOf, wellKnownSids } from "@msrpc/auth";
import { type KeyHandle, Status } from "@msrpc/ms-cmrp";
import { type CallContext, type Caller, handleKind, type HandleKind, RpcError } from "@msrpc/rpc";
import type { RegistryKey } from "../registry/key.ts";
import type { AccessPolicy } from "./opened.ts";

export interface OpenedKey {
  readonly key: RegistryKey;
  /** REGSAM ([MS-RRP] 2.2.3), without generic rights. */
  readonly granted: number;
}

export const keyHandles: HandleKind<KeyHandle, OpenedKey> = handleKind("key");

/**
 * The key of a handle.
 *
 * @throws RpcError ERROR_KEY_DELETED; ERROR_ACCESS_DENIED where it was opened without a right that is needed
 */
export function useKey({ handles }: CallContext, handle: KeyHandle, needed: number): RegistryKey {
  const { key, granted } = handles.get(keyHandles, handle);
  if (key.deleted) throw new RpcError(Status.ERROR_KEY_DELETED);
  if ((needed & ~granted) !== 0) throw new RpcError(Status.ERROR_ACCESS_DENIED);
  return key;
}

const users = "S-1-5-32-545";
const administrators = [wellKnownSids.administrators, users];
const administratorsMay = ["SeSecurityPrivilege", "SeTakeOwnershipPrivilege"];

/**
 * Who a caller is to the descriptors of keys: one with all access to the cluster counts as its administrator, one that may
 * read as its user.
 *
 * @throws RpcError ERROR_ACCESS_DENIED for one that may do nothing
 */
export function tokenFor(policy: AccessPolicy, caller: Caller): AccessToken {
  const level = policy(caller);
  if (level === null) throw new RpcError(Status.ERROR_ACCESS_DENIED);
  const own = caller.principal === null ? [] : tokenOf(caller.principal).sids;
  return level === "all"
    ? { sids: [...own, ...administrators], privileges: administratorsMay }
    : { sids: [...own, users] };
}

/** @throws RpcError ERROR_ACCESS_DENIED where access is refused */
export function granted({ allowed, granted }: AccessResult): number {
  if (!allowed) throw new RpcError(Status.ERROR_ACCESS_DENIED);
  return granted;
}
