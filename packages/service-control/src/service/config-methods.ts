/** How services are configured ([MS-SCMR] 3.1.4.11, 3.1.4.17, 3.1.4.22, 3.1.4.28, 3.1.4.34 to 3.1.4.37, 3.1.4.48). */
import {
  type ChangeServiceConfigWRequest,
  type QueryServiceConfigw,
  type ScRpcConfigInfow1,
  type ServiceBufSizeRequest,
  type ServiceInfoLevelRequest,
  Status,
} from "@msrpc/ms-scmr";
import { type CallContext, RpcError } from "@msrpc/rpc";
import { noChange, serviceRights, serviceTypes } from "../constants.ts";
import {
  driverTypes,
  processTypes,
  type ServiceConfig,
  type ServiceExtras,
} from "../manager/config.ts";
import type { Service } from "../manager/service.ts";
import { type Alphabet, decodeTexts, encodeTexts, inAlphabet, StructureWriter } from "./octets.ts";
import { type Served, type ServiceHandlers, useService } from "./opened.ts";
import { fitted } from "./service-methods.ts";

type ChangeConfig = Omit<ChangeServiceConfigWRequest, "password">;

/** QUERY_SERVICE_CONFIG as a client of 64 bits has it, which makes room for that many octets and its texts. */
const configSize = 64;
/** Of the texts of a configuration together ([MS-SCMR] 2.2.8). */
const mostConfig = 8 * 1024;
const levels = {
  description: 1,
  failureActions: 2,
  delayedAutoStart: 3,
  failureActionsFlag: 4,
  sid: 5,
  requiredPrivileges: 6,
  preshutdown: 7,
  triggers: 8,
  preferredNode: 9,
} as const;

export function configMethods(served: Served): ServiceHandlers {
  const { manager } = served;
  return {
    queryServiceConfigW: (request, context) => query(request, "wide", context),
    queryServiceConfigA: (request, context) => query(request, "narrow", context),
    changeServiceConfigW: (request, context) => change(request, "wide", context),
    changeServiceConfigA: (request, context) => change(request, "narrow", context),
    queryServiceConfig2W: (request, context) => query2(request, "wide", context),
    queryServiceConfig2A: (request, context) => query2(request, "narrow", context),
    changeServiceConfig2W({ service: handle, info }, context) {
      change2(toChange(handle, context), info.anonymous1);
    },
    changeServiceConfig2A({ service: handle, info }, context) {
      change2(toChange(handle, context), info.anonymous1);
    },
    queryServiceConfigEx({ service: handle, infoLevel }, context) {
      const { extras } = useService(served, context, handle, serviceRights.queryConfig);
      if (infoLevel !== levels.triggers) throw new RpcError(Status.ERROR_INVALID_LEVEL);
      const triggers = extras.triggers.map((trigger) => ({
        ...trigger,
        dataItems: trigger.dataItems.map((item) => ({ ...item })),
      }));
      return {
        info: { anonymous1: { type: levels.triggers, value: { triggers, reserved: null } } },
      };
    },
  };

  function query(
    { service: handle, bufSize }: ServiceBufSizeRequest,
    alphabet: Alphabet,
    context: CallContext,
  ): { readonly serviceConfig: QueryServiceConfigw; readonly bytesNeededSize: number } {
    const { config } = useService(served, context, handle, serviceRights.queryConfig);
    const say = (text: string): string => inAlphabet(text, alphabet);
    // A [string] ends at its first zero: Windows has slashes there, which no name has.
    const dependencies = say(config.dependencies.join("/"));
    const texts = [
      config.binaryPath,
      config.group,
      dependencies,
      config.account,
      config.displayName,
    ];
    const units = texts.reduce((sum, text) => sum + say(text).length + 1, 0);
    const bytesNeededSize = Math.min(
      configSize + (alphabet === "wide" ? 2 : 1) * units,
      mostConfig,
    );
    if (bufSize < bytesNeededSize) {
      throw new RpcError(Status.ERROR_INSUFFICIENT_BUFFER, { response: { bytesNeededSize } });
    }
    const serviceConfig = {
      serviceType: config.type,
      startType: config.startType,
      errorControl: config.errorControl,
      binaryPathName: say(config.binaryPath),
      loadOrderGroup: say(config.group),
      tagId: config.tag,
      dependencies,
      serviceStartName: say(config.account),
      displayName: say(config.displayName),
    };
    return { serviceConfig, bytesNeededSize };
  }

  function toChange(handle: ChangeConfig["service"], context: CallContext): Service {
    const service = useService(served, context, handle, serviceRights.changeConfig);
    if (service.isDeleted) throw new RpcError(Status.ERROR_SERVICE_MARKED_FOR_DELETE);
    return service;
  }

  function change(
    request: ChangeConfig,
    alphabet: Alphabet,
    context: CallContext,
  ): { readonly tagId: number | null } {
    const service = toChange(request.service, context);
    const { config, extras } = service;
    const { serviceType, startType, errorControl, tagId, dependencies } = request;
    const type = serviceType === noChange ? config.type : serviceType;
    const becomesDriver = (config.type & processTypes) !== 0 && (type & driverTypes) !== 0;
    const leavesNode = extras.preferredNode !== null && type !== serviceTypes.ownProcess;
    const hasNoGroup = tagId !== null && (request.loadOrderGroup ?? "") === "";
    if (becomesDriver || leavesNode || hasNoGroup) throw invalidParameter();
    const tag = tagId === null ? config.tag : manager.newTag();
    const changed: ServiceConfig = {
      displayName: request.displayName ?? config.displayName,
      type,
      startType: startType === noChange ? config.startType : startType,
      errorControl: errorControl === noChange ? config.errorControl : errorControl,
      binaryPath: request.binaryPathName ?? config.binaryPath,
      group: request.loadOrderGroup ?? config.group,
      tag,
      dependencies:
        dependencies === null ? config.dependencies : decodeTexts(dependencies, alphabet),
      account: request.serviceStartName ?? config.account,
    };
    manager.configure(service, changed);
    return { tagId: tagId === null ? null : tag };
  }

  function query2(
    { service: handle, infoLevel, bufSize }: ServiceInfoLevelRequest,
    alphabet: Alphabet,
    context: CallContext,
  ): { readonly buffer: Uint8Array; readonly bytesNeededSize: number } {
    const { extras } = useService(served, context, handle, serviceRights.queryConfig);
    const structure = structureOf(infoLevel, extras, new StructureWriter(alphabet), alphabet);
    return fitted(structure, bufSize);
  }

  function change2(service: Service, info: ScRpcConfigInfow1): void {
    if (info.value === null) throw invalidParameter();
    if (info.type === levels.failureActions && service.isDriver) {
      throw new RpcError(Status.ERROR_CANNOT_DETECT_DRIVER_FAILURE);
    }
    const node = info.type === levels.preferredNode;
    if (node && service.config.type !== serviceTypes.ownProcess) throw invalidParameter();
    const extras = { ...service.extras, ...extrasIn(info, service.extras) };
    manager.check(service.name, service.config, extras);
    service.extras = extras;
  }
}

/** What a level changes; members that are null stay as they are. */
function extrasIn(
  info: ScRpcConfigInfow1,
  { rebootMessage, command, failureActions }: ServiceExtras,
): Partial<ServiceExtras> {
  switch (info.type) {
    case 1: {
      const description = info.value?.description ?? null;
      return description === null ? {} : { description };
    }
    case 2: {
      const { resetPeriod = 0, rebootMsg = null, command: said = null } = info.value ?? {};
      const actions = info.value?.lpsaActions ?? null;
      return {
        // Without actions the period means nothing.
        ...(actions !== null && { resetPeriod }),
        rebootMessage: rebootMsg ?? rebootMessage,
        command: said ?? command,
        failureActions: actions ?? failureActions,
      };
    }
    case 3:
      return { delayedAutoStart: info.value?.delayedAutostart !== 0 };
    case 4:
      return { actsOnNonCrashFailures: info.value?.failureActionsOnNonCrashFailures !== 0 };
    case 5: {
      const sidType = info.value?.serviceSidType ?? 0;
      if (!sidTypes.has(sidType)) throw invalidParameter();
      return { sidType };
    }
    case 6: {
      const octets = info.value?.requiredPrivileges ?? new Uint8Array();
      // They are UTF-16 in both alphabets.
      return { requiredPrivileges: decodeTexts(octets, "wide") };
    }
    case 7:
      return { preshutdownTimeout: info.value?.preshutdownTimeout ?? 0 };
    case 8:
      return {
        triggers: (info.value?.triggers ?? []).map((trigger) => ({
          ...trigger,
          dataItems: trigger.dataItems ?? [],
        })),
      };
    case 9: {
      const { preferredNode = 0, delete: isGone = 1 } = info.value ?? {};
      return { preferredNode: isGone === 0 ? preferredNode : null };
    }
    default:
      throw new RpcError(Status.ERROR_INVALID_LEVEL);
  }
}

/** None, restricted, unrestricted ([MS-SCMR] 2.2.46). */
const sidTypes: ReadonlySet<number> = new Set([0, 1, 3]);

/** @throws RpcError ERROR_INVALID_LEVEL */
function structureOf(
  level: number,
  extras: ServiceExtras,
  w: StructureWriter,
  alphabet: Alphabet,
): StructureWriter {
  switch (level) {
    case levels.description:
      return w.text(extras.description);
    case levels.failureActions: {
      const { resetPeriod, rebootMessage, command, failureActions } = extras;
      const actions = new StructureWriter(alphabet);
      for (const { type, delay } of failureActions) actions.u32(type, delay);
      w.u32(resetPeriod).text(rebootMessage).text(command).u32(failureActions.length);
      return failureActions.length === 0 ? w.u32(0) : w.octets(actions.finish(actions.size));
    }
    case levels.delayedAutoStart:
      return w.u32(extras.delayedAutoStart ? 1 : 0);
    case levels.failureActionsFlag:
      return w.u32(extras.actsOnNonCrashFailures ? 1 : 0);
    case levels.sid:
      return w.u32(extras.sidType);
    case levels.requiredPrivileges:
      return w.octets(encodeTexts(extras.requiredPrivileges, "wide"));
    case levels.preshutdown:
      return w.u32(extras.preshutdownTimeout);
    case levels.preferredNode: {
      // USHORT and BOOLEAN: without a node, it is one that was taken away.
      const { preferredNode } = extras;
      return w.u32(preferredNode === null ? 0x1_0000 : preferredNode);
    }
    default:
      throw new RpcError(Status.ERROR_INVALID_LEVEL);
  }
}

function invalidParameter(): RpcError {
  return new RpcError(Status.ERROR_INVALID_PARAMETER);
}
