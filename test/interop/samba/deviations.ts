// Where Samba's clusapi IDL differs from the document: the whole list, each with its reason.
import { readFileSync } from "node:fs";

export type Direction = "request" | "response";

export interface Deviations {
  /** Stubs that Samba reads and writes otherwise. */
  readonly changed: readonly {
    readonly opnum: number;
    readonly direction: Direction;
    readonly reason: string;
  }[];
  /** Operations that it lacks. */
  readonly missing: readonly { readonly opnum: number; readonly reason: string }[];
}

export function readDeviations(): Deviations {
  const file = new URL("../deviations.json", import.meta.url);
  return JSON.parse(readFileSync(file, "utf8")) as Deviations;
}
