/** Starting services with what they need, and telling them something ([MS-SCMR] 3.1.4.2, 3.1.4.19). */
import { Status } from "@msrpc/ms-scmr";
import { RpcError } from "@msrpc/rpc";
import { accepts, serviceControls, serviceStates, startTypes } from "../constants.ts";
import { directDependents, membersOf, needed } from "./dependencies.ts";
import type { ServiceManager } from "./manager.ts";
import type { Service } from "./service.ts";

/** ERROR_EXCEPTION_IN_SERVICE: why a service stopped whose program failed without a status. */
const exceptionInService = 1064;
/** Milliseconds ([MS-SCMR] 3.1.4.19). */
const waitHint = 2000;

/**
 * Starts a service, and first those that it needs. It is running, or about to, when this returns.
 *
 * @throws RpcError that the document has for it; what the program throws
 */
export async function startService(
  manager: ServiceManager,
  service: Service,
  args: readonly string[],
  signal?: AbortSignal,
): Promise<void> {
  if (manager.lock !== null) throw new RpcError(Status.ERROR_SERVICE_DATABASE_LOCKED);
  demandStartable(service);
  await startNeeded(manager, service, signal);
  // Somebody else may have started it meanwhile.
  demandStartable(service);
  begin(manager, service, args);
}

function demandStartable({ isDeleted, config, isActive }: Service): void {
  if (isDeleted) throw new RpcError(Status.ERROR_SERVICE_MARKED_FOR_DELETE);
  if (config.startType === startTypes.disabled) throw new RpcError(Status.ERROR_SERVICE_DISABLED);
  if (isActive) throw new RpcError(Status.ERROR_SERVICE_ALREADY_RUNNING);
}

async function startNeeded(
  manager: ServiceManager,
  { config }: Service,
  signal: AbortSignal | undefined,
): Promise<void> {
  const failed = new RpcError(Status.ERROR_SERVICE_DEPENDENCY_FAIL);
  for (const name of config.dependencies) {
    if (name.startsWith("+")) {
      const members = membersOf(manager.services, name.slice(1));
      for (const member of members) await startOne(manager, member, signal).catch(() => undefined);
      if (members.every((member) => !isRunning(member))) throw failed;
      continue;
    }
    const [one] = needed(manager.services, [name]);
    if (one === undefined || one.isDeleted) {
      throw new RpcError(Status.ERROR_SERVICE_DEPENDENCY_DELETED);
    }
    await startOne(manager, one, signal).catch((cause: unknown) => {
      throw new RpcError(failed.status, { cause });
    });
    if (!isRunning(one)) throw failed;
  }
}

async function startOne(
  manager: ServiceManager,
  service: Service,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (!service.isActive) await startService(manager, service, [], signal);
  await untilStarted(manager, service, signal);
}

function isRunning({ state }: Service): boolean {
  return state === serviceStates.running || state === serviceStates.paused;
}

/** Waits until a service isn't about to start any more. */
async function untilStarted(
  manager: ServiceManager,
  service: Service,
  signal: AbortSignal | undefined,
): Promise<void> {
  while (service.state === serviceStates.startPending) {
    signal?.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const end = manager.listen((_, changed) => {
      if (changed === service) resolve();
    });
    const onAbort = (): void => reject(signal?.reason);
    signal?.addEventListener("abort", onAbort, { once: true });
    try {
      await promise;
    } finally {
      end();
      signal?.removeEventListener("abort", onAbort);
    }
  }
}

function begin(manager: ServiceManager, service: Service, args: readonly string[]): void {
  const { program } = service;
  const { startPending, running, stopped } = serviceStates;
  const pending = {
    state: startPending,
    accepts: 0,
    exitCode: 0,
    specificExitCode: 0,
    checkPoint: 0,
  };
  service.report({ ...pending, waitHint });
  const { reports } = service;
  const done = (): void => {
    // What it reports itself is so.
    if (service.reports !== reports) return;
    service.report({ state: running, accepts: acceptedBy(service), waitHint: 0 });
  };
  const fail = (error: unknown): void => {
    const exitCode = error instanceof RpcError ? error.status : exceptionInService;
    service.report({ state: stopped, accepts: 0, exitCode, waitHint: 0, processId: 0 });
  };
  tell(manager, service, () => program.start?.(service.run(args)), done, fail);
}

function acceptedBy({ program, isDriver }: Service): number {
  return isDriver ? 0 : (program.accepts ?? accepts.stop);
}

/** Does something now, and what follows from it when it is done: where that takes time, failures are told and not thrown. */
function tell(
  manager: ServiceManager,
  { name }: Service,
  act: () => void | Promise<void>,
  done: () => void,
  fail: (error: unknown) => void,
): void {
  let result: void | Promise<void>;
  try {
    result = act();
  } catch (error) {
    fail(error);
    throw error;
  }
  if (result === undefined) {
    done();
    return;
  }
  result.then(done, (error: unknown) => {
    fail(error);
    manager.onError(error, name);
  });
}

const { stop, pause, interrogate, paramChange, netBindAdd, netBindDisable } = serviceControls;

/** What a service must accept for a code; 0 for what every one takes, null for no code ([MS-SCMR] 3.1.4.2). */
function neededFor(code: number): number | null {
  if (code === stop) return accepts.stop;
  if (code === pause || code === serviceControls.continue) return accepts.pauseContinue;
  if (code === paramChange) return accepts.paramChange;
  if (code >= netBindAdd && code <= netBindDisable) return accepts.netBindChange;
  return code === interrogate || (code >= 128 && code <= 255) ? 0 : null;
}

/** Whether a code is one that services may be told. */
export function isControl(code: number): boolean {
  return neededFor(code) !== null;
}

/** Where a code leads, and what a service is on the way there. */
const ways: Readonly<Record<number, readonly [pending: number, end: number]>> = {
  [stop]: [serviceStates.stopPending, serviceStates.stopped],
  [pause]: [serviceStates.pausePending, serviceStates.paused],
  [serviceControls.continue]: [serviceStates.continuePending, serviceStates.running],
};

/** Tells a service something. @throws RpcError that the document has for it; what the program throws */
export function controlService(manager: ServiceManager, service: Service, code: number): void {
  const { state, program } = service;
  const { stopped, startPending, stopPending } = serviceStates;
  const isQuestion = code === interrogate;
  if (service.isDriver && code !== stop && !isQuestion) {
    throw new RpcError(Status.ERROR_INVALID_SERVICE_CONTROL);
  }
  if (state === stopped) throw new RpcError(Status.ERROR_SERVICE_NOT_ACTIVE);
  if (state === stopPending || (state === startPending && !isQuestion)) {
    throw new RpcError(Status.ERROR_SERVICE_CANNOT_ACCEPT_CTRL);
  }
  const neededBits = service.isDriver ? 0 : (neededFor(code) ?? 0);
  if ((neededBits & ~service.accepts) !== 0) {
    throw new RpcError(Status.ERROR_INVALID_SERVICE_CONTROL);
  }
  if (code === stop && directDependents(manager.services, service).some((one) => one.isActive)) {
    throw new RpcError(Status.ERROR_DEPENDENT_SERVICES_RUNNING);
  }
  const way = ways[code];
  if (way === undefined) {
    tell(manager, service, () => program.control?.(code, service.run([])), ignore, ignore);
    return;
  }
  const [pending, end] = way;
  if (state === end) return;
  service.report({ state: pending, checkPoint: 0, waitHint });
  const { reports } = service;
  const done = (): void => {
    if (service.reports !== reports) return;
    const isOver = end === stopped;
    const over = { accepts: 0, exitCode: 0, processId: 0 };
    service.report({ state: end, waitHint: 0, ...(isOver ? over : {}) });
  };
  // It goes on as it was.
  const fail = (): void => service.report({ state, waitHint: 0 });
  tell(manager, service, () => program.control?.(code, service.run([])), done, fail);
}

const ignore = (): void => undefined;
