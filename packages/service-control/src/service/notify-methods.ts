/** Notifications of services ([MS-SCMR] 3.1.4.43 to 3.1.4.45). */
import { emptyServiceStatusProcess, type ScRpcNotifyParams, Status } from "@msrpc/ms-scmr";
import { nilUuid } from "@msrpc/ndr";
import { RpcError } from "@msrpc/rpc";
import { managerRights, notifyMasks, serviceRights } from "../constants.ts";
import { type Heard, managerMask, Notification, serviceMask } from "../manager/notification.ts";
import { demand, endNotification, type Served, type ServiceHandlers } from "./opened.ts";

const { created, deleted } = notifyMasks;

export function notifyMethods(served: Served): ServiceHandlers {
  const { manager, kind, notifications } = served;
  return {
    notifyServiceStatusChange({ service: handle, notifyParams }, { handles }) {
      const opened = handles.get(kind, handle);
      const { service } = opened;
      const { type: level, value } = notifyParams.anonymous1;
      const needed = service === null ? managerRights.enumerateService : serviceRights.queryStatus;
      demand(opened, needed);
      if (value === null) throw new RpcError(Status.ERROR_INVALID_PARAMETER);
      const mask = value.notifyMask;
      const isMixed = (mask & managerMask) !== 0 && (mask & serviceMask) !== 0;
      if (mask === 0 || isMixed || (mask & ~(managerMask | serviceMask)) !== 0) {
        throw new RpcError(Status.ERROR_INVALID_PARAMETER);
      }
      // The manager tells of what comes and goes, services of what they do.
      if ((service === null) !== ((mask & managerMask) !== 0)) {
        throw new RpcError(Status.ERROR_INVALID_HANDLE);
      }
      if (service?.isDeleted === true) throw new RpcError(Status.ERROR_SERVICE_MARKED_FOR_DELETE);
      if (opened.notification !== null) throw new RpcError(Status.ERROR_ALREADY_REGISTERED);
      const notification = new Notification(manager, mask, service);
      opened.notification = notification;
      const notify = handles.open(notifications, { notification, opened, level });
      return { scmProcessGuid: nilUuid, createRemoteQueue: 0, notify };
    },
    async getNotifyResults({ notify }, { handles, signal }) {
      const { notification, level } = handles.get(notifications, notify);
      const heard = await notification.next(signal);
      return { notifyParams: { notifyParamsArray: paramsOf(heard, level) } };
    },
    closeNotifyHandle({ notify }, { handles }) {
      endNotification(handles.close(notifications, notify));
      return { apcFired: 0 };
    },
  };
}

/** A name each, because a [string] ends at its first zero. */
function paramsOf(
  { mask, names, status, notificationStatus }: Heard,
  level: 1 | 2,
): ScRpcNotifyParams[] {
  const common = {
    ullThreadId: 0n,
    notifyMask: mask,
    callbackAddressArray: new Uint8Array(16),
    callbackParamAddressArray: new Uint8Array(16),
    serviceStatus: status ?? emptyServiceStatusProcess(),
    notificationStatus,
    sequence: 0,
  };
  if (level === 1) return [{ anonymous1: { type: 1, value: common } }];
  const triggers: readonly (readonly [number, string | null])[] =
    names.length === 0
      ? [[mask, null]]
      : names.map((name) => [name.startsWith("/") ? created : deleted, name]);
  return triggers.map(([notificationTriggered, serviceNames]) => ({
    anonymous1: { type: 2, value: { ...common, notificationTriggered, serviceNames } },
  }));
}
