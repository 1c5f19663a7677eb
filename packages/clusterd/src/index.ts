/** The command as functions, for programs that run a cluster in themselves. */
export {
  createLog,
  type Fields,
  type Level,
  type Log,
  type LogFormat,
  type LogOptions,
} from "./log.ts";
export { type Options, readOptions } from "./options.ts";
export { runClusterd } from "./run.ts";
