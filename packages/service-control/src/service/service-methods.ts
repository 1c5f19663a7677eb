/** What services do: status, start, stop, deletion, security ([MS-SCMR] 3.1.4.2 to 3.1.4.8, 3.1.4.19, 3.1.4.38, 3.1.4.46). */
import {
  DescriptorError,
  onlyParts,
  readDescriptor,
  rights,
  rightsToRead,
  rightsToSet,
  type SecurityDescriptor,
  withParts,
  writeDescriptor,
} from "@msrpc/auth";
import {
  type ServiceHandle,
  type ServiceStatus,
  type ServiceStatusProcess,
  type ScRpcServiceControlOutParamsw,
  ScStatusType,
  Status,
} from "@msrpc/ms-scmr";
import { type CallContext, RpcError } from "@msrpc/rpc";
import {
  accepts,
  serviceControls,
  serviceRights,
  serviceStates,
  serviceTypes,
} from "../constants.ts";
import { driverTypes, processTypes } from "../manager/config.ts";
import { controlService, isControl, startService } from "../manager/run.ts";
import type { Service } from "../manager/service.ts";
import { StructureWriter } from "./octets.ts";
import { demand, type Served, type ServiceHandlers, useService } from "./opened.ts";

/** DACL, group, owner, SACL and label ([MS-SCMR] 2.2.1). */
const anyPart = 0x1f;
/** The label is in the SACL, and nothing here has one. */
const parts = 0x0f;
const label = 0x10;
const mostControls = Object.values(accepts).reduce<number>((all, bit) => all | bit, 0);
const states: ReadonlySet<number> = new Set(Object.values(serviceStates));

export function serviceMethods(served: Served): ServiceHandlers {
  const { manager, kind } = served;
  return {
    queryServiceStatus({ service: handle }, context) {
      const service = useService(served, context, handle, serviceRights.queryStatus);
      return { serviceStatus: service.status };
    },
    queryServiceStatusEx({ service: handle, infoLevel, bufSize }, context) {
      const service = useService(served, context, handle, serviceRights.queryStatus);
      if (infoLevel !== ScStatusType.SC_STATUS_PROCESS_INFO) {
        throw new RpcError(Status.ERROR_INVALID_LEVEL);
      }
      return fitted(processStatus(service.status), bufSize);
    },
    setServiceStatus({ hServiceStatus: handle, lpServiceStatus: status }, context) {
      const opened = context.handles.get(kind, handle);
      const { service, granted } = opened;
      // The document has this where others have ERROR_ACCESS_DENIED.
      if (service === null || (granted & serviceRights.setStatus) === 0) {
        throw new RpcError(Status.ERROR_INVALID_HANDLE);
      }
      checkStatus(status);
      service.report({
        state: status.currentState,
        accepts: status.controlsAccepted,
        exitCode: status.win32ExitCode,
        specificExitCode: status.serviceSpecificExitCode,
        checkPoint: status.checkPoint,
        waitHint: status.waitHint,
      });
    },
    controlService({ service: handle, control }, context) {
      const service = toControl(handle, control, context);
      controlled(service, control, () => ({ serviceStatus: service.status }));
      return { serviceStatus: service.status };
    },
    controlServiceExW({ service: handle, control, controlInParams: { value } }, context) {
      return controlEx(handle, control, value?.comment ?? null, context);
    },
    controlServiceExA({ service: handle, control, controlInParams: { value } }, context) {
      return controlEx(handle, control, value?.comment ?? null, context);
    },
    async startServiceW({ service: handle, argv }, context) {
      await start(handle, argv, context);
    },
    async startServiceA({ service: handle, argv }, context) {
      await start(handle, argv, context);
    },
    deleteService({ service: handle }, context) {
      const service = useService(served, context, handle, rights.delete);
      if (service.isDeleted) throw new RpcError(Status.ERROR_SERVICE_MARKED_FOR_DELETE);
      manager.delete(service);
    },
    queryServiceObjectSecurity({ service: handle, securityInformation, bufSize }, context) {
      const opened = context.handles.get(kind, handle);
      checkParts(securityInformation);
      demand(opened, rightsToRead(securityInformation));
      const { security } = opened.service ?? manager;
      const octets = writeDescriptor(onlyParts(security, securityInformation & parts));
      const bytesNeededSize = octets.length;
      if (bytesNeededSize > bufSize) {
        const response = { securityDescriptor: new Uint8Array(bufSize), bytesNeededSize };
        throw new RpcError(Status.ERROR_INSUFFICIENT_BUFFER, { response });
      }
      const securityDescriptor = new Uint8Array(bufSize);
      securityDescriptor.set(octets);
      return { securityDescriptor, bytesNeededSize };
    },
    setServiceObjectSecurity(
      { service: handle, securityInformation, securityDescriptor },
      context,
    ) {
      const opened = context.handles.get(kind, handle);
      checkParts(securityInformation);
      const isLabelled = (securityInformation & label) !== 0;
      demand(opened, rightsToSet(securityInformation) | (isLabelled ? rights.writeOwner : 0));
      if (opened.service?.isDeleted === true) {
        throw new RpcError(Status.ERROR_SERVICE_MARKED_FOR_DELETE);
      }
      const given = descriptorIn(securityDescriptor);
      const object = opened.service ?? manager;
      object.security = withParts(object.security, given, securityInformation & parts);
    },
  };

  /** The service, where its handle has the right that a code takes. */
  function toControl(handle: ServiceHandle, code: number, context: CallContext): Service {
    const service = useService(served, context, handle, 0);
    if (!isControl(code)) throw invalidParameter();
    useService(served, context, handle, rightFor(code));
    return service;
  }

  /** Tells a service something; where it fails, the status goes with some of the errors. */
  function controlled(service: Service, code: number, answer: () => object): void {
    try {
      controlService(manager, service, code);
    } catch (error) {
      if (!(error instanceof RpcError) || !tellingStatus.has(error.status)) throw error;
      throw new RpcError(error.status, { cause: error, response: answer() });
    }
  }

  function controlEx(
    handle: ServiceHandle,
    code: number,
    comment: string | null,
    context: CallContext,
  ): { readonly controlOutParams: ScRpcServiceControlOutParamsw } {
    const service = toControl(handle, code, context);
    if (code !== serviceControls.stop && comment !== null) throw invalidParameter();
    const answer = (): { readonly controlOutParams: ScRpcServiceControlOutParamsw } => ({
      controlOutParams: { type: 1, value: { serviceStatus: service.status } },
    });
    controlled(service, code, answer);
    return answer();
  }

  async function start(
    handle: ServiceHandle,
    argv: readonly { readonly stringPtr: string | null }[] | null,
    context: CallContext,
  ): Promise<void> {
    const service = useService(served, context, handle, serviceRights.start);
    const args = (argv ?? []).map(({ stringPtr }) => {
      if (stringPtr === null) throw invalidParameter();
      return stringPtr;
    });
    await startService(manager, service, service.isDriver ? [] : args, context.signal);
  }
}

/** These are answered with what the service does ([MS-SCMR] 3.1.4.2). */
const tellingStatus: ReadonlySet<number> = new Set([
  Status.ERROR_INVALID_SERVICE_CONTROL,
  Status.ERROR_SERVICE_CANNOT_ACCEPT_CTRL,
  Status.ERROR_DEPENDENT_SERVICES_RUNNING,
  Status.ERROR_SERVICE_NOT_ACTIVE,
]);

function rightFor(code: number): number {
  if (code === serviceControls.stop) return serviceRights.stop;
  if (code === serviceControls.interrogate) return serviceRights.interrogate;
  return code >= 128 ? serviceRights.userDefinedControl : serviceRights.pauseContinue;
}

/** @throws RpcError ERROR_INVALID_DATA ([MS-SCMR] 3.1.4.8) */
function checkStatus({ serviceType, currentState, controlsAccepted }: ServiceStatus): void {
  const { interactive, ownProcess, shareProcess } = serviceTypes;
  const possible: readonly number[] = [processTypes, ownProcess, shareProcess];
  const { kernelDriver, fileSystemDriver } = serviceTypes;
  const drivers: readonly number[] = [driverTypes, kernelDriver, fileSystemDriver];
  const isInteractive = (serviceType & interactive) !== 0;
  const kind = serviceType & ~interactive;
  const isRight =
    states.has(currentState) &&
    (possible.includes(kind) || (!isInteractive && drivers.includes(kind))) &&
    (controlsAccepted & ~mostControls) === 0;
  if (!isRight) throw new RpcError(Status.ERROR_INVALID_DATA);
}

/** SERVICE_STATUS_PROCESS ([MS-SCMR] 2.2.49). */
function processStatus(status: ServiceStatusProcess): StructureWriter {
  return new StructureWriter("wide").u32(
    ...statusMembers(status),
    status.processId,
    status.serviceFlags,
  );
}

/** SERVICE_STATUS ([MS-SCMR] 2.2.47), member by member. */
export function statusMembers(status: ServiceStatus): readonly number[] {
  return [
    status.serviceType,
    status.currentState,
    status.controlsAccepted,
    status.win32ExitCode,
    status.serviceSpecificExitCode,
    status.checkPoint,
    status.waitHint,
  ];
}

/** A structure in a buffer of a client. @throws RpcError ERROR_INSUFFICIENT_BUFFER with how much it takes */
export function fitted(
  structure: StructureWriter,
  bufSize: number,
): { readonly buffer: Uint8Array; readonly bytesNeededSize: number } {
  const bytesNeededSize = structure.size;
  if (bytesNeededSize > bufSize) {
    const response = { buffer: new Uint8Array(bufSize), bytesNeededSize };
    throw new RpcError(Status.ERROR_INSUFFICIENT_BUFFER, { response });
  }
  return { buffer: structure.finish(bufSize), bytesNeededSize };
}

/** @throws RpcError ERROR_INVALID_PARAMETER for parts that there aren't, and for none, as in Windows */
function checkParts(given: number): void {
  if (given === 0 || (given & ~anyPart) !== 0) throw invalidParameter();
}

function descriptorIn(octets: Uint8Array): SecurityDescriptor {
  try {
    return readDescriptor(octets);
  } catch (error) {
    if (!(error instanceof DescriptorError)) throw error;
    throw new RpcError(Status.ERROR_INVALID_PARAMETER, { cause: error });
  }
}

function invalidParameter(): RpcError {
  return new RpcError(Status.ERROR_INVALID_PARAMETER);
}
