/** Whose properties: those of an object of the cluster, or of the cluster itself. */
import type { ByKind } from "../model/by-kind.ts";
import { byKind } from "../model/by-kind.ts";
import type { ClusterState } from "../model/state.ts";

/** What has properties. */
export type SubjectKind = keyof ByKind | "cluster";

export type Subject =
  | { [K in keyof ByKind]: { readonly kind: K; readonly object: ByKind[K] } }[keyof ByKind]
  | { readonly kind: "cluster"; readonly object: ClusterState };

/** The key that has what a subject keeps. */
export function pathOfSubject(subject: Subject): string {
  if (subject.kind === "cluster") return "";
  return `${byKind[subject.kind].keys.key}\\${subject.object.id}`;
}
