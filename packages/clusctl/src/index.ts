/** The command as a function, for programs that show it. */
export type { Io } from "./io.ts";
export { run } from "./run.ts";
