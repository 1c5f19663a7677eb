/** What [MS-CMRP] says of a method beside its parameters: who may call it, when, and what it may answer. */
import type { Status } from "@msrpc/ms-cmrp";

export type StatusName = keyof typeof Status;

/**
 * When a server takes calls of a method: `readOnly` also where its state is read-only, `nodesOnly` there only where nodes
 * alone are listed, `readWrite` not there, `byCode` as the control code has it.
 */
export type NeededState = "readOnly" | "nodesOnly" | "readWrite" | "byCode";

/** A method of version 3.0, and what is different of it in 2.0. Version 2.0 has the opnums up to 108. */
export interface MethodRow {
  readonly opnum: number;
  /** As in the IDL. */
  readonly name: string;
  /** `requested`: what the call asks for; `byCode`: all where the control code modifies; `none`: nobody is asked. */
  readonly access: "read" | "all" | "requested" | "byCode" | "none";
  readonly state: NeededState;
  /** Beside success, and what every method may answer. */
  readonly errors: readonly StatusName[];
  /** Opnums of the methods whose errors it may answer as well. */
  readonly likewise?: readonly number[];
  /** What version 3.0 answers to every call. */
  readonly answer?: StatusName;
  readonly two?: { readonly state?: NeededState; readonly errors?: readonly StatusName[] };
}
