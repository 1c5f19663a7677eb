/** Statuses by name. */
import { ControlStatus } from "@msrpc/cluster-data";
import { Status } from "@msrpc/ms-cmrp";

export type StatusName = keyof typeof Status | keyof typeof ControlStatus;

const names: ReadonlyMap<number, string> = new Map(
  Object.entries({ ...ControlStatus, ...Status }).map(([name, code]) => [code, name]),
);

export function statusName(code: number): string {
  return names.get(code) ?? `status ${code}`;
}
