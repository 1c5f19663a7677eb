export { compilerHost } from "./host.ts";
export { nodeIo, type Io } from "./io.ts";
export { run } from "./run.ts";
