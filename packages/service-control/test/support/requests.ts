/** A request for each operation. */
import {
  emptyServiceStatusProcess,
  type NotifyHandle,
  type ServiceHandle,
  type ServiceLock,
  svcctl,
} from "@msrpc/ms-scmr";
import type { AnyOperation } from "@msrpc/rpc";
import { newService, wide } from "./served.ts";

const { operations: o } = svcctl;
const opening = { machineName: null, databaseName: null, desiredAccess: 1 };
const status = { ...emptyServiceStatusProcess(), serviceType: 0x10, currentState: 4 };
const change = {
  serviceType: 0x10,
  startType: 3,
  errorControl: 1,
  binaryPathName: "b",
  loadOrderGroup: null,
  tagId: null,
  dependencies: null,
  serviceStartName: null,
  password: null,
  displayName: "New",
};
const listing = { serviceType: 0x30, serviceState: 3, bufSize: 512, resumeIndex: 0 };
const description = { anonymous1: { type: 1, value: { description: "d" } } } as const;
const actions = {
  anonymous1: {
    type: 2,
    value: { resetPeriod: 1, rebootMsg: "r", command: "c", lpsaActions: [{ type: 1, delay: 1 }] },
  },
} as const;
const reason = { type: 1, value: { reason: 0, comment: null } } as const;

/** Those that need no handle. */
export const openings: readonly (readonly [AnyOperation, object])[] = [
  [o.openScManagerW, opening],
  [o.openScManagerA, opening],
  [o.openScManager2, { databaseName: null, desiredAccess: 1 }],
  [o.notifyBootConfigStatus, { machineName: null, bootAcceptable: 1 }],
];

/** Those that take one, and close nothing. */
export function requestsFor(
  scManager: ServiceHandle,
  service: ServiceHandle,
): readonly (readonly [AnyOperation, object])[] {
  const made = { scManager, ...newService, dependencies: wide("S") };
  const list = { scManager, ...listing };
  return [
    [o.controlService, { service, control: 4 }],
    [o.deleteService, { service }],
    [o.lockServiceDatabase, { scManager }],
    [o.queryServiceObjectSecurity, { service, securityInformation: 4, bufSize: 512 }],
    [
      o.setServiceObjectSecurity,
      { service, securityInformation: 4, securityDescriptor: new Uint8Array(20) },
    ],
    [o.queryServiceStatus, { service }],
    [o.setServiceStatus, { hServiceStatus: service, lpServiceStatus: status }],
    [o.changeServiceConfigW, { service, ...change }],
    [o.createServiceW, made],
    [o.enumDependentServicesW, { service, serviceState: 3, bufSize: 512 }],
    [o.enumServicesStatusW, list],
    [o.openServiceW, { scManager, serviceName: "S", desiredAccess: 1 }],
    [o.queryServiceConfigW, { service, bufSize: 4096 }],
    [o.queryServiceLockStatusW, { scManager, bufSize: 512 }],
    [o.startServiceW, { service, argv: [{ stringPtr: "S" }] }],
    [o.getServiceDisplayNameW, { scManager, serviceName: "S", bufferLength: 64 }],
    [o.getServiceKeyNameW, { scManager, displayName: "S", bufferLength: 64 }],
    [o.changeServiceConfigA, { service, ...change }],
    [o.createServiceA, made],
    [o.enumDependentServicesA, { service, serviceState: 3, bufSize: 512 }],
    [o.enumServicesStatusA, list],
    [o.openServiceA, { scManager, serviceName: "S", desiredAccess: 1 }],
    [o.queryServiceConfigA, { service, bufSize: 4096 }],
    [o.queryServiceLockStatusA, { scManager, bufSize: 512 }],
    [o.startServiceA, { service, argv: [{ stringPtr: "S" }] }],
    [o.getServiceDisplayNameA, { scManager, serviceName: "S", bufferLength: 64 }],
    [o.getServiceKeyNameA, { scManager, displayName: "S", bufferLength: 64 }],
    [o.enumServiceGroupW, { ...list, groupName: "G" }],
    [o.changeServiceConfig2A, { service, info: description }],
    [o.changeServiceConfig2W, { service, info: actions }],
    [o.queryServiceConfig2A, { service, infoLevel: 1, bufSize: 512 }],
    [o.queryServiceConfig2W, { service, infoLevel: 2, bufSize: 512 }],
    [o.queryServiceStatusEx, { service, infoLevel: 0, bufSize: 36 }],
    [o.enumServicesStatusExA, { ...list, infoLevel: 0, groupName: null }],
    [o.enumServicesStatusExW, { ...list, infoLevel: 0, groupName: null }],
    [o.createServiceWow64A, made],
    [o.createServiceWow64W, made],
    [o.notifyServiceStatusChange, notifyRequest(service)],
    [o.controlServiceExA, { service, control: 4, controlInParams: reason }],
    [o.controlServiceExW, { service, control: 4, controlInParams: reason }],
    [o.queryServiceConfigEx, { service, infoLevel: 8 }],
    [o.createWowService, { ...made, serviceWowType: 0x14c }],
  ];
}

/** Those that close a handle, or wait by one. */
export function closings(
  service: ServiceHandle,
  notify: NotifyHandle,
  lock: ServiceLock,
): readonly (readonly [AnyOperation, object])[] {
  return [
    [o.closeServiceHandle, { scObject: service }],
    [o.unlockServiceDatabase, { lock }],
    [o.getNotifyResults, { notify }],
    [o.closeNotifyHandle, { notify }],
  ];
}

function notifyRequest(service: ServiceHandle): object {
  const value = {
    ullThreadId: 0n,
    notifyMask: 8,
    callbackAddressArray: new Uint8Array(16),
    callbackParamAddressArray: new Uint8Array(16),
    serviceStatus: status,
    notificationStatus: 0,
    sequence: 0,
    notificationTriggered: 0,
    serviceNames: "S",
  };
  const notifyParams = { anonymous1: { type: 2, value } };
  return { service, notifyParams, clientProcessGuid: crypto.randomUUID() };
}
