/** Handles to the manager and to services, each with the rights that it was opened with ([MS-SCMR] 3.1.4). */
import {
  type AccessToken,
  checkAccess,
  type GenericMapping,
  type SecurityDescriptor,
} from "@msrpc/auth";
import {
  type NotifyHandle,
  type ServiceHandle,
  type ServiceLock,
  Status,
  type svcctl,
} from "@msrpc/ms-scmr";
import {
  type CallContext,
  type Caller,
  handleKind,
  type HandleKind,
  type Handlers,
  RpcError,
} from "@msrpc/rpc";
import { managerMapping, serviceMapping } from "../constants.ts";
import type { ServiceManager } from "../manager/manager.ts";
import type { Notification } from "../manager/notification.ts";
import type { Service } from "../manager/service.ts";

export type ServiceHandlers = Handlers<(typeof svcctl)["operations"]>;

export interface Opened {
  /** Null for the manager. */
  readonly service: Service | null;
  /** Without generic rights. */
  readonly granted: number;
  notification: Notification | null;
}

export interface HeldNotification {
  readonly notification: Notification;
  readonly opened: Opened;
  readonly level: 1 | 2;
}

/** What the handlers of all operations share. */
export interface Served {
  readonly manager: ServiceManager;
  readonly token: (caller: Caller) => AccessToken;
  readonly reboot: (() => void) | null;
  readonly kind: HandleKind<ServiceHandle, Opened>;
  readonly locks: HandleKind<ServiceLock, object>;
  readonly notifications: HandleKind<NotifyHandle, HeldNotification>;
}

export function kindsOf(manager: ServiceManager): Pick<Served, "kind" | "locks" | "notifications"> {
  return {
    kind: handleKind("service", (opened: Opened) => release(manager, opened)),
    locks: handleKind("lock", (lock: object) => unlock(manager, lock)),
    notifications: handleKind("notification", endNotification),
  };
}

/** Lets go of a handle to a service: a service that is deleted goes with the last one. */
export function release(manager: ServiceManager, { service, notification }: Opened): void {
  notification?.close();
  if (service === null) return;
  service.handles--;
  manager.settle(service);
}

export function unlock(manager: ServiceManager, lock: object): void {
  if (manager.lock === lock) manager.lock = null;
}

export function endNotification({ notification, opened }: HeldNotification): void {
  notification.close();
  if (opened.notification === notification) opened.notification = null;
}

/** @throws RpcError ERROR_INVALID_HANDLE for a service's; ERROR_ACCESS_DENIED where it was opened without a right */
export function useManager(
  { kind }: Served,
  { handles }: CallContext,
  handle: ServiceHandle,
  needed: number,
): Opened {
  const opened = handles.get(kind, handle);
  if (opened.service !== null) throw new RpcError(Status.ERROR_INVALID_HANDLE);
  demand(opened, needed);
  return opened;
}

/** @throws RpcError ERROR_INVALID_HANDLE for the manager's; ERROR_ACCESS_DENIED where it was opened without a right */
export function useService(
  { kind }: Served,
  { handles }: CallContext,
  handle: ServiceHandle,
  needed: number,
): Service {
  const opened = handles.get(kind, handle);
  if (opened.service === null) throw new RpcError(Status.ERROR_INVALID_HANDLE);
  demand(opened, needed);
  return opened.service;
}

/** @throws RpcError ERROR_ACCESS_DENIED */
export function demand({ granted }: Opened, needed: number): void {
  if ((needed & ~granted) !== 0) throw new RpcError(Status.ERROR_ACCESS_DENIED);
}

export function openManager(
  { kind, manager, token }: Served,
  { caller, handles }: CallContext,
  desired: number,
): ServiceHandle {
  const granted = rightsTo(manager.security, token(caller), desired, managerMapping);
  return handles.open(kind, { service: null, granted, notification: null });
}

export function openService(
  { kind }: Served,
  { handles }: CallContext,
  service: Service,
  granted: number,
): ServiceHandle {
  service.handles++;
  return handles.open(kind, { service, granted, notification: null });
}

/** The rights that a descriptor gives. @throws RpcError ERROR_ACCESS_DENIED */
export function rightsTo(
  security: SecurityDescriptor,
  token: AccessToken,
  desired: number,
  mapping: GenericMapping = serviceMapping,
): number {
  const { allowed, granted } = checkAccess(security, token, desired, { mapping });
  if (!allowed) throw new RpcError(Status.ERROR_ACCESS_DENIED);
  return granted;
}
