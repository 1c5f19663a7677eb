/** A notification port of version 2 ([MS-CMRP] 3.2.4.5.2): events with IDs, types and what has changed, many at a time. */
import { askableChanges } from "@msrpc/cluster-data";
import { Status } from "@msrpc/ms-cmrp";
import { type NotifyHandle, type ObjectHandle, ObjectType } from "@msrpc/ms-cmrp/clusapi3";
import { ContextHandle } from "@msrpc/ndr";
import { RpcError } from "@msrpc/rpc";
import { clusterKind } from "../session/kinds.ts";
import type { Link } from "../session/link.ts";
import type { Session } from "../session/session.ts";
import { eventOf } from "./changes.ts";
import type { Filter } from "./filter.ts";
import type { Port } from "./port.ts";

export async function openPort2(
  session: Session,
  link: Link,
  filters: readonly Filter[],
): Promise<Port> {
  const { api } = link;
  const notify = await api.createNotifyV2();
  try {
    for (const filter of filters) await add(session, link, notify, filter);
  } catch (error) {
    await notify[Symbol.asyncDispose]();
    throw error;
  }
  return {
    async next(options) {
      const { notifications } = await api.getNotifyV2({ notify }, options);
      return notifications?.flatMap((one) => eventOf(one) ?? []) ?? [];
    },
    async close() {
      await api.unblockGetNotifyCall({ notify });
      await notify[Symbol.asyncDispose]();
    },
  };
}

async function add(
  session: Session,
  link: Link,
  notify: NotifyHandle,
  { about, target, isOptional }: Filter,
): Promise<void> {
  if (about === "ResourceType" && target !== null) {
    const request = { notify, filter: BigInt(askableChanges(about)), notifyKey: 0, version: 2 };
    await link.api.addNotifyResourceTypeV2({ ...request, resTypeName: target.name });
    return;
  }
  const { kind, name } = target ?? { kind: clusterKind, name: "" };
  const { uuid, attributes } = await session.handle(link, kind, name);
  const object: ObjectHandle = new ContextHandle(uuid, attributes);
  const filter = { objectType: ObjectType[about], filterFlags: BigInt(askableChanges(about)) };
  const isTargetedAtObject = target === null ? 0 : 1;
  try {
    const request = { notify, object, filter, notifyKey: 0, version: 2, isTargetedAtObject };
    await link.api.addNotifyV2(request);
  } catch (error) {
    // Windows learned of some kinds later than of these ports.
    const isUnknown = error instanceof RpcError && error.status === Status.ERROR_INVALID_PARAMETER;
    if (!isUnknown || !isOptional) throw error;
  }
}
