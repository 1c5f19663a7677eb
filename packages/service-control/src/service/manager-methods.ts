/** The manager: opening it and its services, making services, names, locks ([MS-SCMR] 3.1.4). */
import {
  type QueryServiceLockStatusw,
  type ScManagerServiceNameRequest,
  type ServiceHandle,
  Status,
} from "@msrpc/ms-scmr";
import { type CallContext, RpcError } from "@msrpc/rpc";
import { managerRights } from "../constants.ts";
import { checkName, type ServiceConfig } from "../manager/config.ts";
import { fold } from "../manager/dependencies.ts";
import type { Service } from "../manager/service.ts";
import { type Alphabet, decodeTexts, inAlphabet } from "./octets.ts";
import {
  openManager,
  openService,
  release,
  rightsTo,
  type Served,
  type ServiceHandlers,
  unlock,
  useManager,
} from "./opened.ts";

/** What all operations that make services are given. A password isn't looked at: nothing here logs on. */
type Made = Omit<ScManagerServiceNameRequest, "password">;

/** IMAGE_FILE_MACHINE_*: the machine itself, and programs of 32 bits on it ([MS-SCMR] 3.1.4.49). */
const machines = { unknown: 0, targetHost: 1, i386: 0x14c, amd64: 0x8664 } as const;
const own: ReadonlySet<number> = new Set([machines.unknown, machines.targetHost, machines.amd64]);
/** QUERY_SERVICE_LOCK_STATUS as a client of 64 bits has it. */
const lockStatusSize = 24;

export function managerMethods(served: Served): ServiceHandlers {
  const { manager, token, kind, locks } = served;
  return {
    openScManagerW: (request, context) => open(request, context),
    openScManagerA: (request, context) => open(request, context),
    openScManager2: (request, context) => open(request, context),
    openServiceW: (request, context) => openNamed(request, context),
    openServiceA: (request, context) => openNamed(request, context),
    closeServiceHandle({ scObject }, { handles }) {
      release(manager, handles.close(kind, scObject));
    },
    createServiceW: (request, context) => create(request, "wide", context),
    createServiceA: (request, context) => create(request, "narrow", context),
    createServiceWow64W: (request, context) => create(in32(request), "wide", context),
    createServiceWow64A: (request, context) => create(in32(request), "narrow", context),
    createWowService(request, context) {
      const { serviceWowType: machine } = request;
      if (machine === machines.i386) return create(in32(request), "wide", context);
      if (!own.has(machine)) throw new RpcError(Status.ERROR_NOT_SUPPORTED);
      return create(request, "wide", context);
    },
    getServiceDisplayNameW(request, context) {
      const [displayName, bufferLength] = fitted(displayNameOf, request, "wide", context);
      return { displayName, bufferLength };
    },
    getServiceDisplayNameA(request, context) {
      const [displayName, bufferLength] = fitted(displayNameOf, request, "narrow", context);
      return { displayName, bufferLength };
    },
    getServiceKeyNameW(request, context) {
      const [serviceName, bufferLength] = fitted(keyNameOf, request, "wide", context);
      return { serviceName, bufferLength };
    },
    getServiceKeyNameA(request, context) {
      const [keyName, bufferLength] = fitted(keyNameOf, request, "narrow", context);
      return { keyName, bufferLength };
    },
    lockServiceDatabase({ scManager }, context) {
      useManager(served, context, scManager, managerRights.lock);
      if (manager.lock !== null) throw new RpcError(Status.ERROR_SERVICE_DATABASE_LOCKED);
      manager.lock = { owner: context.caller.principal?.name ?? "", since: manager.now() };
      return context.handles.open(locks, manager.lock);
    },
    unlockServiceDatabase({ lock }, { handles }) {
      unlock(manager, handles.close(locks, lock));
    },
    queryServiceLockStatusW: (request, context) => lockStatus(request, "wide", context),
    queryServiceLockStatusA: (request, context) => lockStatus(request, "narrow", context),
    notifyBootConfigStatus({ bootAcceptable }, { caller }) {
      rightsTo(manager.security, token(caller), managerRights.modifyBootConfig);
      if (manager.isBootAccepted) throw new RpcError(Status.ERROR_BOOT_ALREADY_ACCEPTED);
      if (bootAcceptable !== 0) {
        manager.isBootAccepted = true;
        return;
      }
      // There is no other configuration to go back to.
      if (served.reboot === null) throw new RpcError(Status.ERROR_ALREADY_RUNNING_LKG);
      served.reboot();
    },
  };

  function open(
    request: { readonly databaseName: string | null; readonly desiredAccess: number },
    context: CallContext,
  ): ServiceHandle {
    const { databaseName, desiredAccess } = request;
    const name = fold(databaseName ?? "ServicesActive");
    if (name === "SERVICESFAILED") throw new RpcError(Status.ERROR_DATABASE_DOES_NOT_EXIST);
    if (name !== "SERVICESACTIVE") throw new RpcError(Status.ERROR_INVALID_NAME);
    return openManager(served, context, (desiredAccess | managerRights.connect) >>> 0);
  }

  function openNamed(
    request: {
      readonly scManager: ServiceHandle;
      readonly serviceName: string;
      readonly desiredAccess: number;
    },
    context: CallContext,
  ): ServiceHandle {
    useManager(served, context, request.scManager, managerRights.connect);
    const service = named(request.serviceName);
    const rights = rightsTo(service.security, token(context.caller), request.desiredAccess);
    return openService(served, context, service, rights);
  }

  /** @throws RpcError ERROR_INVALID_NAME, ERROR_SERVICE_DOES_NOT_EXIST */
  function named(name: string): Service {
    checkName(name);
    const service = manager.find(name);
    if (service === undefined) throw new RpcError(Status.ERROR_SERVICE_DOES_NOT_EXIST);
    return service;
  }

  function create(
    request: Made,
    alphabet: Alphabet,
    context: CallContext,
  ): { readonly tagId: number | null; readonly serviceHandle: ServiceHandle } {
    const { scManager, serviceName, tagId, loadOrderGroup, dependencies, desiredAccess } = request;
    useManager(served, context, scManager, managerRights.createService);
    const group = loadOrderGroup ?? "";
    if (tagId !== null && group === "") throw new RpcError(Status.ERROR_INVALID_PARAMETER);
    const tag = tagId === null ? 0 : manager.newTag();
    const config: ServiceConfig = {
      displayName: request.displayName ?? serviceName,
      type: request.serviceType,
      startType: request.startType,
      errorControl: request.errorControl,
      binaryPath: request.binaryPathName,
      group,
      tag,
      dependencies: decodeTexts(dependencies ?? new Uint8Array(), alphabet),
      account: request.serviceStartName ?? "LocalSystem",
    };
    // Who makes a service has the rights that it asks for.
    const everything = { ...manager.security, control: 0, dacl: null };
    const rights = rightsTo(everything, token(context.caller), desiredAccess);
    const service = manager.create(serviceName, config);
    const serviceHandle = openService(served, context, service, rights);
    return { tagId: tagId === null ? null : tag, serviceHandle };
  }

  function displayNameOf(
    { scManager, serviceName }: { readonly scManager: ServiceHandle; readonly serviceName: string },
    context: CallContext,
  ): string {
    useManager(served, context, scManager, managerRights.connect);
    return named(serviceName).config.displayName;
  }

  function keyNameOf(
    { scManager, displayName }: { readonly scManager: ServiceHandle; readonly displayName: string },
    context: CallContext,
  ): string {
    useManager(served, context, scManager, managerRights.connect);
    if (displayName === "") throw new RpcError(Status.ERROR_INVALID_NAME);
    const found = manager.findByDisplayName(displayName);
    if (found === undefined) throw new RpcError(Status.ERROR_SERVICE_DOES_NOT_EXIST);
    return found.name;
  }

  function lockStatus(
    { scManager, bufSize }: { readonly scManager: ServiceHandle; readonly bufSize: number },
    alphabet: Alphabet,
    context: CallContext,
  ): { readonly lockStatus: QueryServiceLockStatusw; readonly bytesNeededSize: number } {
    useManager(served, context, scManager, managerRights.queryLockStatus);
    const { lock } = manager;
    const lockOwner = inAlphabet(lock?.owner ?? "", alphabet);
    const bytesNeededSize = lockStatusSize + (alphabet === "wide" ? 2 : 1) * (lockOwner.length + 1);
    if (bufSize < bytesNeededSize) {
      throw new RpcError(Status.ERROR_INSUFFICIENT_BUFFER, { response: { bytesNeededSize } });
    }
    const seconds = lock === null ? 0 : Math.floor((manager.now() - lock.since) / 1000);
    const isLocked = lock === null ? 0 : 1;
    return {
      lockStatus: { isLocked, lockOwner, lockDuration: Math.max(seconds, 0) },
      bytesNeededSize,
    };
  }
}

/** Characters that an answer has room for ([MS-SCMR] 3.1.4.20). */
const longestAnswer = 4096;

/**
 * A name where there is room for it and its terminator, and the size that an operation gives with it: of the name for wide
 * ones, of the client's buffer for narrow ones, whose buffer it is ([MS-SCMR] 3.1.4.20, 3.1.4.31).
 *
 * @throws RpcError ERROR_INSUFFICIENT_BUFFER with the name's length; what finding it throws
 */
function fitted<T extends { readonly bufferLength: number }>(
  find: (request: T, context: CallContext) => string,
  request: T,
  alphabet: Alphabet,
  context: CallContext,
): readonly [string, number] {
  // The answer is a buffer of so many characters, with room for a terminator, whatever becomes of the call.
  const room = Math.min(Math.max(request.bufferLength, 1), longestAnswer);
  try {
    const said = inAlphabet(find(request, context), alphabet);
    if (said.length < request.bufferLength) return [said, alphabet === "wide" ? said.length : room];
    const response = { bufferLength: Math.max(said.length, 1) };
    throw new RpcError(Status.ERROR_INSUFFICIENT_BUFFER, { response });
  } catch (error) {
    if (!(error instanceof RpcError) || error.response !== null) throw error;
    throw new RpcError(error.status, { cause: error, response: { bufferLength: room } });
  }
}

/** Programs of 32 bits are in a folder of their own ([MS-SCMR] 3.1.4.41). */
function in32<T extends { readonly binaryPathName: string }>(request: T): T {
  const binaryPathName = request.binaryPathName.replace(/\\system32\\/i, "\\SysWow64\\");
  return { ...request, binaryPathName };
}
