/** A service of the manager, with its state. */
import type { SecurityDescriptor } from "@msrpc/auth";
import type { ServiceStatusProcess } from "@msrpc/ms-scmr";
import { neverStarted, serviceStates } from "../constants.ts";
import type { ServiceProgram, ServiceReport, ServiceRun } from "../program.ts";
import { driverTypes, type ServiceConfig, type ServiceExtras } from "./config.ts";

export class Service {
  readonly name: string;
  /** Goes up with each service that is made ([MS-SCMR] 3.1.4.14). */
  readonly number: number;
  readonly program: ServiceProgram;
  readonly #onReport: (service: Service, before: number) => void;
  config: ServiceConfig;
  extras: ServiceExtras;
  security: SecurityDescriptor;
  /** Handles that clients have to it. */
  handles = 0;
  /** Waits for the last of them to go. */
  isDeleted = false;
  /** Counts reports, so that whoever waits for one knows. */
  reports = 0;
  #report: ServiceReport = {
    state: serviceStates.stopped,
    accepts: 0,
    exitCode: neverStarted,
    specificExitCode: 0,
    checkPoint: 0,
    waitHint: 0,
    processId: 0,
  };

  constructor(
    name: string,
    number: number,
    program: ServiceProgram,
    record: {
      readonly config: ServiceConfig;
      readonly extras: ServiceExtras;
      readonly security: SecurityDescriptor;
    },
    onReport: (service: Service, before: number) => void,
  ) {
    this.name = name;
    this.number = number;
    this.program = program;
    this.config = record.config;
    this.extras = record.extras;
    this.security = record.security;
    this.#onReport = onReport;
  }

  /** Of `serviceStates`. */
  get state(): number {
    return this.#report.state;
  }

  get accepts(): number {
    return this.#report.accepts;
  }

  get isActive(): boolean {
    return this.state !== serviceStates.stopped;
  }

  get isDriver(): boolean {
    return (this.config.type & driverTypes) !== 0;
  }

  /** SERVICE_STATUS_PROCESS; SERVICE_STATUS is its beginning. */
  get status(): ServiceStatusProcess {
    const { state, accepts, exitCode, specificExitCode, checkPoint, waitHint, processId } =
      this.#report;
    return {
      serviceType: this.config.type,
      currentState: state,
      controlsAccepted: accepts,
      win32ExitCode: exitCode,
      serviceSpecificExitCode: specificExitCode,
      checkPoint,
      waitHint,
      processId,
      serviceFlags: 0,
    };
  }

  /** Changes what clients see of it; what is left out stays. */
  report(report: Partial<ServiceReport>): void {
    const before = this.state;
    this.#report = { ...this.#report, ...report };
    this.reports++;
    this.#onReport(this, before);
  }

  run(args: readonly string[]): ServiceRun {
    return { name: this.name, args, report: (report) => this.report(report) };
  }
}
