/** The service control manager: services, their configuration and what they do ([MS-SCMR] 3.1.1). */
import { readSddl, type SecurityDescriptor } from "@msrpc/auth";
import { Status } from "@msrpc/ms-scmr";
import { RpcError } from "@msrpc/rpc";
import { accepts, errorControls, serviceTypes, startTypes } from "../constants.ts";
import type { ServiceProgram, ServiceReport } from "../program.ts";
import {
  checkConfig,
  checkName,
  driverTypes,
  noExtras,
  type ServiceConfig,
  type ServiceExtras,
} from "./config.ts";
import { fold, isCircular, membersOf } from "./dependencies.ts";
import { Service } from "./service.ts";

export type ServiceChange = "created" | "deleted" | "deletePending" | "status";

export interface ServiceManagerOptions {
  /** Of the manager itself. Default: administrators do everything, whoever has logged on connects and enumerates. */
  readonly security?: SecurityDescriptor;
  /** Of services without one. Default: administrators do everything, whoever has logged on reads. */
  readonly serviceSecurity?: SecurityDescriptor;
  /**
   * What a service runs that a client has made; null where its path leads to nothing (ERROR_FILE_NOT_FOUND at its start).
   * Default: nothing but its state, which does as it is told.
   */
  readonly programOf?: (name: string, config: ServiceConfig) => ServiceProgram | null;
  /** Whether services can run as somebody. Default: as everybody, because nothing here runs as anybody. */
  readonly isAccount?: (name: string) => boolean;
  /** Hears of programs that fail after the call that told them something was answered. Default: nobody. */
  readonly onError?: (error: unknown, service: string) => void;
  /** Milliseconds since 1970. Default: the system's clock. */
  readonly now?: () => number;
}

/** A service of one's own. What is left out is as in most services. */
export interface NewService extends Partial<ServiceConfig> {
  readonly name: string;
  readonly program?: ServiceProgram;
  readonly extras?: Partial<ServiceExtras>;
  readonly security?: SecurityDescriptor;
  /** What it does already. Default: it is stopped. */
  readonly report?: Partial<ServiceReport>;
}

interface Lock {
  readonly owner: string;
  /** Milliseconds since 1970. */
  readonly since: number;
}

const managerSecurity = readSddl("O:SYG:SYD:(A;;0xf003f;;;BA)(A;;0xf003f;;;SY)(A;;0x20015;;;AU)");
const serviceSecurity = readSddl("O:SYG:SYD:(A;;0xf01ff;;;BA)(A;;0xf01ff;;;SY)(A;;0x2008d;;;AU)");
const plain: ServiceProgram = { accepts: accepts.stop | accepts.pauseContinue | accepts.shutdown };

export class ServiceManager {
  readonly #byName = new Map<string, Service>();
  /** Services that have a display name, by that. */
  readonly #byDisplayName = new Map<string, Service>();
  readonly #listeners = new Set<
    (change: ServiceChange, service: Service, before: number) => void
  >();
  readonly #options: ServiceManagerOptions;
  #number = 0;
  #tags = 0;
  security: SecurityDescriptor;
  /** A boot was accepted ([MS-SCMR] 3.1.1). */
  isBootAccepted = false;
  lock: Lock | null = null;

  constructor(options: ServiceManagerOptions = {}) {
    this.#options = options;
    this.security = options.security ?? managerSecurity;
  }

  get services(): ReadonlyMap<string, Service> {
    return this.#byName;
  }

  now(): number {
    return (this.#options.now ?? Date.now)();
  }

  onError(error: unknown, service: string): void {
    this.#options.onError?.(error, service);
  }

  /** Tells what happens, until the function that it gives is called. */
  listen(listener: (change: ServiceChange, service: Service, before: number) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  findByDisplayName(name: string): Service | undefined {
    return this.#byDisplayName.get(fold(name));
  }

  find(name: string): Service | undefined {
    return this.#byName.get(fold(name));
  }

  /**
   * A service that programs add. @throws RpcError as for clients: ERROR_INVALID_NAME, ERROR_INVALID_PARAMETER,
   * ERROR_SERVICE_EXISTS, ERROR_DUPLICATE_SERVICE_NAME, ERROR_CIRCULAR_DEPENDENCY
   */
  add({ name, program = plain, extras, security, report, ...given }: NewService): Service {
    const config: ServiceConfig = {
      displayName: name,
      type: serviceTypes.ownProcess,
      startType: startTypes.demand,
      errorControl: errorControls.normal,
      binaryPath: "",
      group: "",
      tag: 0,
      dependencies: [],
      account: "LocalSystem",
      ...given,
    };
    const service = this.#create(name, config, program, { ...noExtras, ...extras }, security);
    if (report !== undefined) service.report(report);
    return service;
  }

  /** A service that a client makes. @throws as `add`; RpcError ERROR_SERVICE_MARKED_FOR_DELETE, ERROR_INVALID_SERVICE_ACCOUNT */
  create(name: string, config: ServiceConfig): Service {
    const program = (this.#options.programOf ?? (() => plain))(name, config) ?? missing;
    return this.#create(name, config, program, noExtras);
  }

  #create(
    name: string,
    config: ServiceConfig,
    program: ServiceProgram,
    extras: ServiceExtras,
    security = this.#options.serviceSecurity ?? serviceSecurity,
  ): Service {
    checkName(name);
    const there = this.find(name);
    if (there?.isDeleted === true) throw new RpcError(Status.ERROR_SERVICE_MARKED_FOR_DELETE);
    if (there !== undefined) throw new RpcError(Status.ERROR_SERVICE_EXISTS);
    this.check(name, config, extras);
    const record = { config, extras, security };
    const onReport = (service: Service, before: number): void =>
      this.#tell("status", service, before);
    const service = new Service(name, ++this.#number, program, record, onReport);
    this.#byName.set(fold(name), service);
    this.#byDisplayName.set(fold(config.displayName), service);
    this.#tell("created", service, service.state);
    return service;
  }

  /** Gives a service another configuration. @throws as `create` */
  configure(service: Service, config: ServiceConfig): void {
    this.check(service.name, config, service.extras);
    this.#byDisplayName.delete(fold(service.config.displayName));
    this.#byDisplayName.set(fold(config.displayName), service);
    service.config = config;
  }

  /** What can't be said of a service. @throws as `create` */
  check(name: string, config: ServiceConfig, extras: ServiceExtras): void {
    checkConfig(config, extras);
    const { displayName, dependencies, group, account, type } = config;
    // Drivers have the name of an object here.
    const runsAs = (type & driverTypes) !== 0 ? "" : account;
    if (runsAs !== "" && this.#options.isAccount?.(runsAs) === false) {
      throw new RpcError(Status.ERROR_INVALID_SERVICE_ACCOUNT);
    }
    if (isCircular(this.#byName, name, group, dependencies)) {
      throw new RpcError(Status.ERROR_CIRCULAR_DEPENDENCY);
    }
    if (displayName === "") return;
    const others = [this.find(displayName), this.#byDisplayName.get(fold(displayName))];
    const isAnothers = others.some((one) => one !== undefined && fold(one.name) !== fold(name));
    if (isAnothers) throw new RpcError(Status.ERROR_DUPLICATE_SERVICE_NAME);
  }

  /** A number that nothing else has in its group. */
  newTag(): number {
    return ++this.#tags;
  }

  hasGroup(name: string): boolean {
    return membersOf(this.#byName, name).length > 0;
  }

  /** Marks a service: it goes with the last handle to it. */
  delete(service: Service): void {
    service.isDeleted = true;
    service.config = { ...service.config, startType: startTypes.disabled };
    this.#tell("deletePending", service, service.state);
    this.settle(service);
  }

  /** Takes a service out that is marked and that nobody has a handle to. */
  settle(service: Service): void {
    if (!service.isDeleted || service.handles > 0) return;
    if (!this.#byName.delete(fold(service.name))) return;
    this.#byDisplayName.delete(fold(service.config.displayName));
    this.#tell("deleted", service, service.state);
  }

  #tell(change: ServiceChange, service: Service, before: number): void {
    for (const listener of this.#listeners) listener(change, service, before);
  }
}

const missing: ServiceProgram = {
  start() {
    throw new RpcError(Status.ERROR_FILE_NOT_FOUND);
  },
};
