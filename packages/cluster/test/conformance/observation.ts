/** What servers of tests were seen to answer, as text that goes from a test to who makes the tables of it. */
import type { ServerState } from "../../src/service/methods/server-state.ts";
import type { Version } from "../../src/service/methods/table.ts";
import type { AccessLevel } from "../../src/service/opened.ts";

export interface Observation {
  readonly version: Version;
  readonly opnum: number;
  /** Of a call that runs a control code; else null. */
  readonly controlCode: number | null;
  /** 0 for success; the status of a fault where the call ended in one. */
  readonly status: number;
  readonly state: ServerState;
  /** What the caller may do. */
  readonly level: AccessLevel | null;
}

declare module "vitest" {
  interface TaskMeta {
    answered?: readonly string[];
  }
}

export function observationText(one: Observation): string {
  const { version, opnum, controlCode, status, state, level } = one;
  return JSON.stringify([version, opnum, controlCode, status, state, level]);
}

export function observationOf(text: string): Observation {
  const [version, opnum, controlCode, status, state, level] = JSON.parse(text) as unknown[];
  return { version, opnum, controlCode, status, state, level } as Observation;
}
