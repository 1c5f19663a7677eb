/** Names and numbers of [MS-ERREF] 2.1 to 2.3, so that an overlay can name a status without stating its number. */
import hresult from "./hresult.json" with { type: "json" };
import ntstatus from "./ntstatus.json" with { type: "json" };
import win32 from "./win32.json" with { type: "json" };

export type StatusLibrary = "win32" | "ntstatus" | "hresult";

const libraries: Readonly<Record<StatusLibrary, Readonly<Record<string, number | string>>>> = {
  win32,
  ntstatus,
  hresult,
};

export const statusLibraries: readonly StatusLibrary[] = Object.keys(libraries) as StatusLibrary[];

/** The names of several libraries; of one that two have, the number in the first. */
export function readLibraries(names: readonly StatusLibrary[]): ReadonlyMap<string, number> {
  const entries = names.toReversed().flatMap((name) => Object.entries(libraries[name]));
  return new Map(entries.map(([name, value]) => [name, Number(value)]));
}
