export { generatePackages, type Generated, type GeneratedPackage } from "./generate-packages.ts";
export { compilerHost } from "./host.ts";
export { nodeIo, type Io } from "./io.ts";
export { publishedIdl, type PublishedFile } from "./init/published-idl.ts";
export { run } from "./run.ts";
export { readConfig, type Config, type PackageConfig } from "./config.ts";
export { regenerate, type RegeneratedRow } from "./regenerate.ts";
