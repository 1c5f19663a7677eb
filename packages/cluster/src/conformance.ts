/** Which of the specified methods and control codes a server of ours answers: what docs/ms-cmrp-conformance.md is made from. */
import { clusapi2, clusapi3, statusNames } from "@msrpc/ms-cmrp";
import type { AnyOperation } from "@msrpc/rpc";
import { allCodes } from "./control/all-codes.ts";
import { unsupported } from "./control/answer.ts";
import type { ControlCode, ControlKind } from "./control/code.ts";
import { allAnswers } from "./control/dispatch.ts";
import { Cluster } from "./core/cluster.ts";
import { Notifications } from "./notify/notifications.ts";
import { emptyState } from "./model/state.ts";
import { handlers3 } from "./service/handlers.ts";
import { methods, type Version } from "./service/methods/table.ts";
import { handlers2 } from "./service/version2.ts";

/** A method in one version: `fixed` with the error that it answers to every call, as specified. */
export type Standing = "served" | "missing" | { readonly fixed: string };

export interface ConformanceRow {
  readonly opnum: number;
  readonly name: string;
  readonly three: Standing;
  /** Null for methods that version 2.0 doesn't have. */
  readonly two: Standing | null;
}

/** By opnum. */
export function conformance(): readonly ConformanceRow[] {
  const cluster = new Cluster(emptyState(0));
  const someone = { cluster, policy: () => null };
  const three = handlers3(someone, new Notifications(cluster));
  const served: Readonly<Record<Version, ReadonlySet<number>>> = {
    2: opnumsOf(handlers2(three, someone, { passwordLevel: "privacy" }), clusapi2.operations),
    3: opnumsOf(three, clusapi3.operations),
  };
  const standing = (version: Version, opnum: number): Standing | null => {
    const method = methods[version].get(opnum);
    if (method === undefined) return null;
    if (method.answer !== null) return { fixed: statusNames[method.answer] ?? "" };
    return served[version].has(opnum) ? "served" : "missing";
  };
  return Array.from(methods[3].values(), ({ opnum, name }) => ({
    opnum,
    name,
    three: standing(3, opnum) ?? "missing",
    two: standing(2, opnum),
  }));
}

export interface ControlConformanceRow {
  readonly code: ControlCode;
  readonly standing: Standing;
}

/** Control codes, by what they are for. */
export function controlConformance(): readonly ControlConformanceRow[] {
  const answers: Partial<Record<ControlKind, Readonly<Record<string, unknown>>>> = allAnswers;
  return Object.values(allCodes)
    .flat()
    .map((code) => {
      const answer = answers[code.kind]?.[code.name];
      if (answer === undefined) return { code, standing: "missing" };
      const fixed = "ERROR_INVALID_FUNCTION";
      return { code, standing: answer === unsupported ? { fixed } : "served" };
    });
}

function opnumsOf(
  handlers: object,
  operations: Readonly<Record<string, AnyOperation>>,
): ReadonlySet<number> {
  return new Set(Object.keys(handlers).flatMap((key) => operations[key]?.opnum ?? []));
}
