/** Ports of both versions as tests read them: all that is there, without a wait. */
import type { NotifyHandle } from "@msrpc/ms-cmrp";
import type { NotificationData, ObjectHandle } from "@msrpc/ms-cmrp/clusapi3";
import type { ContextHandle } from "@msrpc/ndr";
import { expect } from "vitest";
import type { Started, TestClient } from "./registry-support.ts";

export interface Told {
  readonly notifyKey: number;
  readonly filter: number;
  readonly name: string | null;
}

/** All that a port has; nothing where it has nothing. */
export async function drain(client: TestClient, notify: NotifyHandle): Promise<Told[]> {
  const waiting = client.getNotifyAsync({ notify }).then(
    ({ notifications }) => notifications ?? [],
    () => [],
  );
  await client.unblockGetNotifyCall({ notify });
  return waiting;
}

export async function portFor(
  client: TestClient,
  filter: number,
  notifyKey = 7,
): Promise<NotifyHandle> {
  const notify = await client.createNotify();
  const cluster = await client.openCluster();
  await client.addNotifyCluster({ notify, cluster, filter, notifyKey });
  return notify;
}

export interface Seen {
  readonly flag: number;
  readonly data: NotificationData;
}

export class Watch {
  readonly client: TestClient;
  readonly notify: NotifyHandle;

  constructor(client: TestClient, notify: NotifyHandle) {
    this.client = client;
    this.notify = notify;
  }

  static async open({ client }: Started): Promise<Watch> {
    return new Watch(client, await client.createNotifyV2());
  }

  /** Without an object: every one of its type. */
  async add(objectType: number, flags: number, object?: ContextHandle): Promise<Watch> {
    await this.client.addNotifyV2({
      notify: this.notify,
      object: (object ?? (await this.client.openCluster())) as ObjectHandle,
      filter: { objectType, filterFlags: BigInt(flags) },
      notifyKey: 0xffff_fff0,
      version: 2,
      isTargetedAtObject: object === undefined ? 0 : 1,
    });
    return this;
  }

  /** All that there is. */
  async seen(): Promise<Seen[]> {
    const waiting = this.client.getNotifyV2({ notify: this.notify }).then(
      ({ notifications }) => notifications ?? [],
      () => [],
    );
    await this.client.unblockGetNotifyCall({ notify: this.notify });
    return (await waiting).map(({ notificationData: data }) => ({
      flag: Number(data.filterAndType.filterFlags),
      data,
    }));
  }

  /** The one with a flag. */
  async only(flag: number): Promise<NotificationData> {
    const found = (await this.seen()).filter((one) => one.flag === flag);
    expect(found).toHaveLength(1);
    return found[0]!.data;
  }
}
