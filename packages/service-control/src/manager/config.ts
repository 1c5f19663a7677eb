/** How services are configured: service records ([MS-SCMR] 3.1.1), and what they may say. */
import { Status } from "@msrpc/ms-scmr";
import { RpcError } from "@msrpc/rpc";
import { errorControls, serviceTypes, startTypes } from "../constants.ts";

export interface ServiceConfig {
  readonly displayName: string;
  /** Of `serviceTypes`. */
  readonly type: number;
  /** Of `startTypes`. */
  readonly startType: number;
  /** Of `errorControls`. */
  readonly errorControl: number;
  readonly binaryPath: string;
  /** Of services that are started together; empty for none. */
  readonly group: string;
  /** A number within the group; 0 for none. */
  readonly tag: number;
  /** Names of services, and of groups with a `+` before them. */
  readonly dependencies: readonly string[];
  readonly account: string;
}

export interface FailureAction {
  readonly type: number;
  /** Milliseconds. */
  readonly delay: number;
}

export interface Trigger {
  readonly triggerType: number;
  readonly action: number;
  readonly triggerSubtype: string | null;
  readonly dataItems: readonly { readonly dataType: number; readonly data: Uint8Array | null }[];
}

/** What RChangeServiceConfig2W sets (2.2.22). */
export interface ServiceExtras {
  readonly description: string;
  /** Seconds. */
  readonly resetPeriod: number;
  readonly rebootMessage: string;
  readonly command: string;
  readonly failureActions: readonly FailureAction[];
  readonly delayedAutoStart: boolean;
  readonly actsOnNonCrashFailures: boolean;
  readonly sidType: number;
  readonly requiredPrivileges: readonly string[];
  /** Milliseconds. */
  readonly preshutdownTimeout: number;
  readonly triggers: readonly Trigger[];
  readonly preferredNode: number | null;
}

export const noExtras: ServiceExtras = {
  description: "",
  resetPeriod: 0,
  rebootMessage: "",
  command: "",
  failureActions: [],
  delayedAutoStart: false,
  actsOnNonCrashFailures: false,
  sidType: 0,
  requiredPrivileges: [],
  preshutdownTimeout: 180_000,
  triggers: [],
  preferredNode: null,
};

export const driverTypes: number = serviceTypes.kernelDriver | serviceTypes.fileSystemDriver;
export const processTypes: number = serviceTypes.ownProcess | serviceTypes.shareProcess;
const types: ReadonlySet<number> = new Set([
  serviceTypes.kernelDriver,
  serviceTypes.fileSystemDriver,
  serviceTypes.ownProcess,
  serviceTypes.shareProcess,
  serviceTypes.ownProcess | serviceTypes.interactive,
  serviceTypes.shareProcess | serviceTypes.interactive,
]);
const longestName = 256;

/** @throws RpcError ERROR_INVALID_NAME */
export function checkName(name: string): void {
  if (name === "" || name.length > longestName || /[/\\, \0]/.test(name)) {
    throw new RpcError(Status.ERROR_INVALID_NAME);
  }
}

/** @throws RpcError ERROR_INVALID_PARAMETER for what can't be or doesn't go together */
export function checkConfig(config: ServiceConfig, { delayedAutoStart }: ServiceExtras): void {
  const { type, startType, errorControl, account, group, displayName } = config;
  const isDriver = (type & driverTypes) !== 0;
  const isEarly = startType === startTypes.boot || startType === startTypes.system;
  const interacts = (type & serviceTypes.interactive) !== 0;
  const isSystem = account === "" || account.toLowerCase() === "localsystem";
  const isWrong =
    !types.has(type) ||
    startType > startTypes.disabled ||
    errorControl > errorControls.critical ||
    (isEarly && !isDriver) ||
    (interacts && !isSystem) ||
    (delayedAutoStart && group !== "") ||
    displayName.length > longestName;
  if (isWrong) throw new RpcError(Status.ERROR_INVALID_PARAMETER);
}
