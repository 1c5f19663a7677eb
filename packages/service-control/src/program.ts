/** What services are: programs of one's own behind the service control manager. */

/** What a service reports of itself. */
export interface ServiceReport {
  /** Of `serviceStates`. */
  readonly state: number;
  /** Of `accepts`. */
  readonly accepts: number;
  /** Why it stopped: 0, a status, or 1066 where `specificExitCode` says it. */
  readonly exitCode: number;
  readonly specificExitCode: number;
  /** Goes up as long as something takes its time. */
  readonly checkPoint: number;
  /** Milliseconds that it expects to take until it reports again. */
  readonly waitHint: number;
  /** 0 for one without a process. */
  readonly processId: number;
}

/** A service while it runs. */
export interface ServiceRun {
  readonly name: string;
  /** What it was started with. */
  readonly args: readonly string[];
  /** Changes what clients see of it; what is left out stays. */
  report(report: Partial<ServiceReport>): void;
}

/**
 * What the service control manager runs. A program that reports nothing has done what it was told when its method returns; one
 * whose method gives a promise is pending until that is settled. What a method throws ends the call: an `RpcError` with its
 * status. A service whose `start` failed is stopped.
 */
export interface ServiceProgram {
  /** What it takes while it runs, of `accepts`. Default: to be stopped. */
  readonly accepts?: number;
  start?(run: ServiceRun): void | Promise<void>;
  /** A code of `serviceControls` that it accepts, or one of its own. */
  control?(code: number, run: ServiceRun): void | Promise<void>;
}
