/** A server of the Service Control Manager Remote Protocol, with services in memory or of your own. */
export {
  accepts,
  errorControls,
  managerRights,
  notifyMasks,
  serviceControls,
  serviceRights,
  serviceStates,
  serviceTypes,
  startTypes,
} from "./constants.ts";
export type { FailureAction, ServiceConfig, ServiceExtras, Trigger } from "./manager/config.ts";
export {
  type NewService,
  type ServiceChange,
  ServiceManager,
  type ServiceManagerOptions,
} from "./manager/manager.ts";
export type { Service } from "./manager/service.ts";
export type { ServiceProgram, ServiceReport, ServiceRun } from "./program.ts";
export { type ServiceControlPolicy, serveServiceControl } from "./service/serve.ts";
