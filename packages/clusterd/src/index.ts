/** The command as functions, for programs that run a cluster in themselves. */
export { DefinitionFileError, parseDefinition, readDefinition } from "./definition/file.ts";
export { type DefinitionFile, jsonSchema } from "./definition/schema.ts";
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
