/** Statuses by their names, those of control codes too. */
import { ControlStatus } from "@msrpc/cluster-data";
import { Status } from "@msrpc/ms-cmrp";

const all: Readonly<Record<string, number>> = { ...Status, ...ControlStatus };

/** @throws TypeError for a name that isn't known */
export function statusOf(name: string): number {
  const status = all[name];
  if (status === undefined) throw new TypeError(`no status is called ${name}`);
  return status;
}
