/** Handles to keys, each with the rights that it was opened with ([MS-RRP] 3.1.1.9). */
import {
  type AccessResult,
  type AccessToken,
  checkAccess,
  keyMapping,
  keyRights,
} from "@msrpc/auth";
import { type KeyHandle, Status, type winreg } from "@msrpc/ms-rrp";
import {
  type CallContext,
  type Caller,
  handleKind,
  type HandleKind,
  type Handlers,
  RpcError,
} from "@msrpc/rpc";
import type { HiveStore } from "../hives.ts";
import type { Onlooker, Place } from "../place.ts";
import type { KeyInfo, Registry } from "../registry.ts";

export type RegistryHandlers = Handlers<(typeof winreg)["operations"]>;

export interface OpenedKey extends Place {
  /** REGSAM ([MS-RRP] 2.2.3), without generic rights. */
  readonly granted: number;
}

/** What the handlers of all operations share. */
export interface Served {
  readonly registry: Registry;
  readonly wow64: boolean;
  readonly shared: readonly string[];
  readonly rootSubkeys: boolean;
  readonly hives: HiveStore | null;
  readonly token: (caller: Caller) => AccessToken;
  readonly kind: HandleKind<KeyHandle, OpenedKey>;
  /** Keys that somebody has a handle to. */
  readonly opened: Set<OpenedKey>;
  /** Paths of keys that came from hives, and the names of those, by their folded path. */
  readonly loaded: Map<string, string>;
}

export function keyKind(opened: Set<OpenedKey>): HandleKind<KeyHandle, OpenedKey> {
  return handleKind("key", (key: OpenedKey) => void opened.delete(key));
}

export function onlookerOf({ registry, shared }: Served, { caller }: CallContext): Onlooker {
  return { registry, shared, user: caller.principal?.sid ?? null };
}

export interface UsedKey extends OpenedKey {
  readonly info: KeyInfo;
}

/**
 * The key of a handle.
 *
 * @throws RpcError ERROR_KEY_DELETED; ERROR_ACCESS_DENIED where it was opened without a right that is needed
 */
export async function useKey(
  { kind }: Served,
  { handles }: CallContext,
  handle: KeyHandle,
  needed: number,
): Promise<UsedKey> {
  const opened = handles.get(kind, handle);
  const info = await opened.key.info();
  if (info === null) throw new RpcError(Status.ERROR_KEY_DELETED);
  if ((needed & ~opened.granted) !== 0) throw new RpcError(Status.ERROR_ACCESS_DENIED);
  return { ...opened, info };
}

export function openHandle(
  { kind, opened }: Served,
  { handles }: CallContext,
  { key, path }: Place,
  granted: number,
): KeyHandle {
  const made = { key, path, granted };
  opened.add(made);
  return handles.open(kind, made);
}

const standard = 0x001f_0000;
const special = 0x0300_0000;
const generic = 0xf000_0000;
const specific = 0x3f;
const views = keyRights.wow64Key64 | keyRights.wow64Key32;
const known = standard | special | generic | specific | views;

/**
 * Whether a key is asked for in the view of programs of 32 bits ([MS-RRP] 3.1.1.4).
 *
 * @throws RpcError ERROR_INVALID_PARAMETER for both views at once, and for bits that mean nothing; ERROR_ACCESS_DENIED for a
 * view that there isn't
 */
export function is32In({ wow64 }: Served, desired: number): boolean {
  const asks64 = (desired & keyRights.wow64Key64) !== 0;
  const asks32 = (desired & keyRights.wow64Key32) !== 0;
  if (!wow64 && asks64) throw new RpcError(Status.ERROR_ACCESS_DENIED);
  if ((asks64 && asks32) || (desired & ~known) !== 0) {
    throw new RpcError(Status.ERROR_INVALID_PARAMETER);
  }
  return wow64 && asks32;
}

/** The rights that somebody has to a key. @throws RpcError ERROR_ACCESS_DENIED; ERROR_KEY_DELETED */
export async function rightsTo(
  { key }: Place,
  token: AccessToken,
  desired: number,
): Promise<number> {
  const info = await key.info();
  if (info === null) throw new RpcError(Status.ERROR_KEY_DELETED);
  return granted(checkAccess(info.security, token, desired & ~views, { mapping: keyMapping }));
}

/** The rights of who makes a key: those that are asked for, whatever the key's descriptor says. */
export function makersRights({ security }: KeyInfo, token: AccessToken, desired: number): number {
  const everything = { ...security, control: 0, dacl: null };
  return granted(checkAccess(everything, token, desired & ~views, { mapping: keyMapping }));
}

function granted({ allowed, granted: rights }: AccessResult): number {
  if (!allowed) throw new RpcError(Status.ERROR_ACCESS_DENIED);
  return rights;
}

const readAll = 0x0002_0019;
const writeAll = 0x0002_0006;
const restores = 0x010d_0000;
const securityAccess = 0x0100_0000;

/**
 * The rights that REG_OPTION_BACKUP_RESTORE gives, whatever a key's descriptor says ([MS-RRP] 3.1.5.15).
 *
 * @throws RpcError STATUS_ACCESS_DENIED for who has neither privilege
 */
export function backupRights({ privileges = [] }: AccessToken): number {
  const backs = privileges.includes("SeBackupPrivilege");
  const restoring = privileges.includes("SeRestorePrivilege");
  if (!backs && !restoring) throw new RpcError(Status.STATUS_ACCESS_DENIED);
  return (backs ? readAll | securityAccess : 0) | (restoring ? writeAll | restores : 0);
}

/** @throws RpcError ERROR_PRIVILEGE_NOT_HELD */
export function demandPrivilege({ privileges = [] }: AccessToken, name: string): void {
  if (!privileges.includes(name)) throw new RpcError(Status.ERROR_PRIVILEGE_NOT_HELD);
}

/** A change that a key can do. @throws RpcError ERROR_ACCESS_DENIED for a key that can't be written */
export function writable<T>(method: T | undefined): T {
  if (method === undefined) throw new RpcError(Status.ERROR_ACCESS_DENIED);
  return method;
}
