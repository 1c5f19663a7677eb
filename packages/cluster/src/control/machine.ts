/** What control codes ask of the machine that the node runs on. */
import { statSync } from "node:fs";
import os from "node:os";
import { sharedVariables } from "../property/environment.ts";
import type { Environment } from "../property/expand.ts";

export interface Machine {
  readonly osName: string;
  readonly osVersion: string;
  /** What variables in EXPAND_SZ values stand for. */
  readonly environment: Environment;
  isDirectory(path: string): boolean;
}

export const thisMachine: Machine = {
  osName: os.type(),
  osVersion: os.release(),
  environment: sharedVariables(process.env),
  isDirectory: (path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false,
};
