/** A notification port of version 2 ([MS-CMRP] 3.2.4.5.2): events with IDs, types and what has changed, many at a time. */
import { askableChanges } from "@msrpc/cluster-data";
import { Status } from "@msrpc/ms-cmrp";
import { type NotifyHandle, type ObjectHandle, ObjectType } from "@msrpc/ms-cmrp/clusapi3";
import { ContextHandle } from "@msrpc/ndr";
import { RpcError } from "@msrpc/rpc";
import { clusterKind } from "../session/kinds.ts";
import { asClusterError } from "../errors/cluster-error.ts";
import { isMissing, type Link } from "../session/link.ts";
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
  filter: Filter,
): Promise<void> {
  const ask = await asker(session, link, notify, filter);
  const all = askableChanges(filter.about);
  try {
    await ask(all);
  } catch (error) {
    if (!isUnknown(error)) throw error;
    const known = await askEach(ask, all);
    if (known === 0 && !filter.isOptional) throw error;
  }
}

/** Asks for events of all objects of a kind, or of one, by their flags. */
async function asker(
  session: Session,
  link: Link,
  notify: NotifyHandle,
  { about, target }: Filter,
): Promise<(flags: number) => Promise<void>> {
  const request = { notify, notifyKey: 0, version: 2 };
  if (about === "ResourceType" && target !== null) {
    const resTypeName = target.name;
    return async (flags) => {
      await link.api.addNotifyResourceTypeV2({ ...request, filter: BigInt(flags), resTypeName });
    };
  }
  const { kind, name } = target ?? { kind: clusterKind, name: "" };
  const { uuid, attributes } = await session.handle(link, kind, name).catch((error: unknown) => {
    // Of several objects: the one that isn't there.
    throw isMissing(error) ? asClusterError(error, `${kind.noun} "${name}"`) : error;
  });
  const object: ObjectHandle = new ContextHandle(uuid, attributes);
  const isTargetedAtObject = target === null ? 0 : 1;
  return async (flags) => {
    const filter = { objectType: ObjectType[about], filterFlags: BigInt(flags) };
    await link.api.addNotifyV2({ ...request, object, filter, isTargetedAtObject });
  };
}

/** Asks for each event by itself: Windows learned of some later than of others. Gives how many it knows. */
async function askEach(ask: (flags: number) => Promise<void>, all: number): Promise<number> {
  let known = 0;
  for (let flag = 1; flag <= all; flag *= 2) {
    if ((all & flag) === 0) continue;
    try {
      await ask(flag);
      known++;
    } catch (error) {
      if (!isUnknown(error)) throw error;
    }
  }
  return known;
}

function isUnknown(error: unknown): boolean {
  return error instanceof RpcError && error.status === Status.ERROR_INVALID_PARAMETER;
}
