/** The operations of version 3.0, of every kind of object. */
import type { Notifications } from "../notify/notifications.ts";
import { clusterMethods } from "./cluster-methods.ts";
import { controlMethods } from "./control-methods.ts";
import { groupSetMethods } from "./group-set-methods.ts";
import { groupMethods } from "./group-methods.ts";
import { fixedAnswers } from "./methods/fixed.ts";
import { networkMethods } from "./network-methods.ts";
import { nodeMethods } from "./node-methods.ts";
import { notifyMethods } from "./notify-methods.ts";
import { notifyV2Methods } from "./notify-v2-methods.ts";
import { portHandles } from "./opened-port.ts";
import { registryBatchMethods } from "./registry-batch-methods.ts";
import { registryMethods } from "./registry-methods.ts";
import { resourceMethods } from "./resource-methods.ts";
import type { Handlers3, Served } from "./served.ts";
import { typeMethods } from "./type-methods.ts";

export function handlers3(served: Served, notifications: Notifications): Handlers3 {
  const ports = portHandles(notifications);
  return {
    ...clusterMethods(served),
    ...nodeMethods(served),
    ...groupMethods(served),
    ...groupSetMethods(served),
    ...resourceMethods(served),
    ...typeMethods(served),
    ...networkMethods(served),
    ...registryMethods(served),
    ...registryBatchMethods(served),
    ...controlMethods(served),
    ...notifyMethods(served, notifications, ports),
    ...notifyV2Methods(served, notifications, ports),
    ...fixedAnswers,
  };
}
