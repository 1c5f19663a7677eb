/** Lists of services in buffers ([MS-SCMR] 3.1.4.13, 3.1.4.14, 3.1.4.33, 3.1.4.39, 3.1.4.40). */
import { ScEnumType, type ScManagerServiceTypeRequest, Status } from "@msrpc/ms-scmr";
import { type CallContext, RpcError } from "@msrpc/rpc";
import { managerRights, serviceRights, serviceTypes } from "../constants.ts";
import { driverTypes, processTypes } from "../manager/config.ts";
import { dependentsOf, fold } from "../manager/dependencies.ts";
import type { Service } from "../manager/service.ts";
import { type Alphabet, encodeText } from "./octets.ts";
import { type Served, type ServiceHandlers, useManager, useService } from "./opened.ts";
import { statusMembers } from "./service-methods.ts";

/** ([MS-SCMR] 3.1.4.14) */
const activity = { active: 1, inactive: 2, all: 3 } as const;

/** The types of the document, and those that Windows has beside them: adapters, recognizers, what interacts. */
const anyType = driverTypes | processTypes | 0x0c | serviceTypes.interactive;

/** What is said of a service: as much as SERVICE_STATUS or SERVICE_STATUS_PROCESS has. */
type Detail = "status" | "process";

interface Asked extends ScManagerServiceTypeRequest {
  readonly groupName?: string | null;
}

interface Listed {
  readonly buffer: Uint8Array;
  readonly bytesNeededSize: number;
  readonly servicesReturned: number;
}

export function enumMethods(served: Served): ServiceHandlers {
  const { manager } = served;
  return {
    enumServicesStatusW: (request, context) => list(request, "wide", "status", context),
    enumServicesStatusA: (request, context) => list(request, "narrow", "status", context),
    enumServiceGroupW: (request, context) => list(request, "wide", "status", context),
    enumServicesStatusExW(request, context) {
      checkLevel(request.infoLevel);
      return list(request, "wide", "process", context);
    },
    enumServicesStatusExA(request, context) {
      checkLevel(request.infoLevel);
      return list(request, "narrow", "process", context);
    },
    enumDependentServicesW: (request, context) => dependents(request, "wide", context),
    enumDependentServicesA: (request, context) => dependents(request, "narrow", context),
  };

  function list(
    request: Asked,
    alphabet: Alphabet,
    detail: Detail,
    context: CallContext,
  ): Listed & { readonly resumeIndex: number | null; readonly returnValue: number } {
    const {
      scManager,
      serviceType,
      serviceState,
      bufSize,
      resumeIndex,
      groupName = null,
    } = request;
    useManager(served, context, scManager, managerRights.enumerateService);
    checkActivity(serviceState);
    if (serviceType === 0 || (serviceType & ~anyType) !== 0) {
      throw new RpcError(Status.ERROR_INVALID_PARAMETER);
    }
    if (groupName !== null && groupName !== "" && !manager.hasGroup(groupName)) {
      throw new RpcError(Status.ERROR_SERVICE_DOES_NOT_EXIST);
    }
    const found = [...manager.services.values()].filter(
      (service) =>
        service.number >= (resumeIndex ?? 0) &&
        (service.config.type & serviceType) !== 0 &&
        isAsked(service, serviceState) &&
        (groupName === null || fold(service.config.group) === fold(groupName)),
    );
    const { left, ...written } = write(found, bufSize, alphabet, detail);
    const next = found[written.servicesReturned];
    return {
      ...written,
      // Of those that are left, where not all fitted.
      bytesNeededSize: clipped(next === undefined ? written.bytesNeededSize : left),
      resumeIndex: resumeIndex === null ? null : (next?.number ?? 0),
      returnValue: next === undefined ? 0 : Status.ERROR_MORE_DATA,
    };
  }

  function dependents(
    {
      service: handle,
      serviceState,
      bufSize,
    }: {
      readonly service: Asked["scManager"];
      readonly serviceState: number;
      readonly bufSize: number;
    },
    alphabet: Alphabet,
    context: CallContext,
  ) {
    const service = useService(served, context, handle, serviceRights.enumerateDependents);
    checkActivity(serviceState);
    const found = dependentsOf(manager.services, service).filter((one) =>
      isAsked(one, serviceState),
    );
    const { buffer, bytesNeededSize, servicesReturned } = write(found, bufSize, alphabet, "status");
    const isAll = servicesReturned === found.length;
    return {
      services: isAll ? buffer : new Uint8Array(bufSize),
      bytesNeededSize: clipped(bytesNeededSize),
      servicesReturned: isAll ? servicesReturned : 0,
      returnValue: isAll ? 0 : Status.ERROR_MORE_DATA,
    };
  }
}

/** As much as the answer's own range lets it say. */
function clipped(size: number): number {
  return Math.min(size, 256 * 1024);
}

function isAsked({ isActive }: Service, asked: number): boolean {
  return (asked & (isActive ? activity.active : activity.inactive)) !== 0;
}

function checkActivity(asked: number): void {
  if (asked === 0 || asked > activity.all) throw new RpcError(Status.ERROR_INVALID_PARAMETER);
}

function checkLevel(level: number): void {
  if (level !== ScEnumType.SC_ENUM_PROCESS_INFO) throw new RpcError(Status.ERROR_INVALID_LEVEL);
}

/** As many structures as fit with their texts, which stand behind all of them. */
function write(
  services: readonly Service[],
  bufSize: number,
  alphabet: Alphabet,
  detail: Detail,
): Listed & { readonly left: number } {
  const structureSize = detail === "status" ? 36 : 44;
  const entries = services.map((service) => {
    const texts = [service.name, service.config.displayName].map((text) =>
      encodeText(text, alphabet),
    );
    return { service, texts, size: texts.reduce((sum, { length }) => sum + length, structureSize) };
  });
  let used = 0;
  let servicesReturned = 0;
  while (servicesReturned < entries.length) {
    const { size } = entries[servicesReturned] ?? { size: 0 };
    if (used + size > bufSize) break;
    used += size;
    servicesReturned++;
  }
  const buffer = new Uint8Array(bufSize);
  const view = new DataView(buffer.buffer);
  let behind = servicesReturned * structureSize;
  for (const [index, { service, texts }] of entries.slice(0, servicesReturned).entries()) {
    const { status } = service;
    const offsets = texts.map((octets) => {
      const at = behind;
      buffer.set(octets, at);
      behind += octets.length;
      return at;
    });
    const more = detail === "process" ? [status.processId, status.serviceFlags] : [];
    for (const [member, value] of [...offsets, ...statusMembers(status), ...more].entries()) {
      view.setUint32(index * structureSize + 4 * member, value, true);
    }
  }
  const bytesNeededSize = entries.reduce((sum, { size }) => sum + size, 0);
  return { buffer, bytesNeededSize, servicesReturned, left: bytesNeededSize - used };
}
