/** Which parameters of an operation are statuses, for who reads plans and no generated code. */
import type { OperationPlan, WireType } from "@msrpc/wire";
import { isInteger, throughSilent } from "../model/wire-types.ts";
import { own } from "../names/names.ts";
import type { LoadedOverlay } from "./load-overlay.ts";

export interface OperationStatuses {
  /** Names and numbers of the overlay's status tables. */
  readonly numbers: Readonly<Record<string, number>>;
  /** Parameters that are statuses; `return` is the result. Those of type error_status_t are so by themselves. */
  readonly members: readonly string[];
  /** Numbers that are no error. */
  readonly accepts: readonly number[];
}

/** Types whose results are statuses where no overlay says anything else. */
const statusAliases: ReadonlySet<string> = new Set([
  "NTSTATUS",
  "HRESULT",
  "NET_API_STATUS",
  "WERROR",
]);

/** What an overlay says of an operation's statuses; without its word, a result whose type says it is one. */
export function statusesOf(
  { overlay, statuses }: LoadedOverlay,
  interfaceName: string,
  { name, params, result }: OperationPlan,
): OperationStatuses {
  const ofInterface = own(overlay.interfaces, interfaceName);
  const ofOperation = own(ofInterface?.operations, name);
  const stated = ofOperation?.status ?? ofInterface?.status;
  const answered = params.filter(({ isOut, type }) => isOut && isStatusType(type));
  const there = new Set(answered.map((param) => param.name));
  if (result !== null && isStatusType(result)) there.add("return");
  const isStatus =
    result?.kind === "primitive" &&
    (result.name === "error" || statusAliases.has(result.alias ?? ""));
  const members = stated?.filter((member) => there.has(member));
  const accepts = (ofOperation?.accepts ?? []).map((status) => own(statuses, status) ?? 0);
  return {
    numbers: statuses,
    members: members ?? (isStatus ? ["return"] : []),
    accepts: [0, ...accepts],
  };
}

/** What is said of an interface counts where an operation has an integer of the name: its `return` may be a handle. */
function isStatusType(type: WireType): boolean {
  const inside = throughSilent(type);
  return inside.kind === "primitive" && isInteger(inside.name);
}
