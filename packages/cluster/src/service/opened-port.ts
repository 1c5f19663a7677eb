/** Handles to notification ports ([MS-CMRP] 2.2.1.6), and what filters of both versions watch. */
import { type NotifyHandle, Status } from "@msrpc/ms-cmrp";
import type { ContextHandle } from "@msrpc/ndr";
import { type CallContext, handleKind, type HandleKind, RpcError } from "@msrpc/rpc";
import type { Collection, Identified } from "../model/collection.ts";
import type { Notifications, OpenPort } from "../notify/notifications.ts";
import type { Port } from "../notify/port.ts";
import type { ToldV1, ToldV2 } from "../notify/told.ts";
import { pathOf } from "../registry/key.ts";
import { type Opened, use } from "./opened.ts";
import { keyHandles } from "./opened-key.ts";
import { present } from "./served.ts";

export type PortHandles = HandleKind<NotifyHandle, OpenPort>;

/** A port is closed when its connection ends. */
export function portHandles(notifications: Notifications): PortHandles {
  return handleKind("notification port", (open) => notifications.close(open));
}

/** The port of a handle. @throws RpcError ERROR_INVALID_HANDLE for one of version 2 */
export function portV1(
  { handles }: CallContext,
  ports: PortHandles,
  handle: NotifyHandle,
): Port<ToldV1> {
  const open = handles.get(ports, handle);
  if (open.version !== 1) throw new RpcError(Status.ERROR_INVALID_HANDLE);
  return open.port;
}

/** The port of a handle. @throws RpcError ERROR_INVALID_HANDLE for one of version 1 */
export function portV2(
  { handles }: CallContext,
  ports: PortHandles,
  handle: NotifyHandle,
): Port<ToldV2> {
  const open = handles.get(ports, handle);
  if (open.version !== 2) throw new RpcError(Status.ERROR_INVALID_HANDLE);
  return open.port;
}

/** The object of a handle. @throws RpcError ERROR_INVALID_HANDLE for one that was deleted since */
export function watchedObject<Handle extends ContextHandle, T extends Identified>(
  context: CallContext,
  kind: HandleKind<Handle, Opened<T>>,
  handle: Handle,
  objects: Collection<T>,
): T {
  return present(objects, use(context, kind, handle), Status.ERROR_INVALID_HANDLE);
}

/** The path of a key's handle. @throws RpcError ERROR_INVALID_HANDLE for one that was deleted since */
export function watchedPath({ handles }: CallContext, handle: ContextHandle<"HKEY_RPC">): string {
  const { key } = handles.get(keyHandles, handle);
  if (key.deleted) throw new RpcError(Status.ERROR_INVALID_HANDLE);
  return pathOf(key);
}
