/** What has to be seen of a method and of a control code: by the table of methods and by that of codes. */
import { Status, statusNames } from "@msrpc/ms-cmrp";
import { conformance, controlConformance } from "../../src/conformance.ts";
import type { ControlCode } from "../../src/control/code.ts";
import { ControlStatus } from "../../src/control/status.ts";
import type { StatusName } from "../../src/service/methods/row.ts";
import { type Method, methods, type Version } from "../../src/service/methods/table.ts";
import type { Observation } from "./observation.ts";
import { reasonFor } from "./unproduced.ts";

export interface Need {
  readonly label: string;
  readonly isSeen: (one: Observation) => boolean;
  /** Why it can't be seen; it then must not be. */
  readonly reason: string | null;
}

const { ERROR_ACCESS_DENIED, ERROR_CLUSTER_NODE_SHUTTING_DOWN, ERROR_IO_PENDING } = Status;
const { ERROR_INVALID_FUNCTION, ERROR_INVALID_HANDLE, ERROR_MORE_DATA, ERROR_SHARING_PAUSED } =
  Status;

/** nca_s_fault_context_mismatch: what the runtime answers where the tables have ERROR_INVALID_HANDLE. */
const contextMismatch = 0x1c00_001a;

/** Methods whose caller is asked, and not the handle that is given ([MS-CMRP] 3.1.4.2). */
const askingCallers: ReadonlySet<number> = new Set([
  0, 2, 3, 5, 6, 7, 8, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 55, 56,
  61, 65, 66, 81, 92, 95, 102, 103, 107, 113, 114, 115, 116, 129, 137, 138, 145, 147, 155, 157, 163,
  164,
]);

/** Handled alike by a server that only says that it leaves. */
const leaving = "a server that leaves answers `ERROR_CLUSTER_NODE_SHUTTING_DOWN`";
const ofLeaving: ReadonlySet<StatusName> = new Set([
  "ERROR_CLUSTER_NODE_NOT_READY",
  "ERROR_SHUTDOWN_IN_PROGRESS",
  "ERROR_SERVER_SHUTDOWN_IN_PROGRESS",
]);

const missing: Readonly<Record<Version, ReadonlySet<number>>> = {
  2: new Set(conformance().flatMap(({ opnum, two }) => (two === "missing" ? opnum : []))),
  3: new Set(conformance().flatMap(({ opnum, three }) => (three === "missing" ? opnum : []))),
};

/** Null for a method that the version doesn't have, or that a server of ours doesn't yet. */
export function needsOfMethod(version: Version, opnum: number): readonly Need[] | null {
  const method = methods[version].get(opnum);
  if (method === undefined || missing[version].has(opnum)) return null;
  const needs = [answerOf(method), ...errorsOf(version, method)];
  return [...needs, ...accessOf(version, method), ...statesOf(method)];
}

function need(label: string, isSeen: Need["isSeen"], reason: string | null = null): Need {
  return { label, isSeen, reason };
}

/** A call under way has succeeded as well: one method answers nothing else. */
function isSuccess({ answer }: Method, { status }: Observation): boolean {
  return status === (answer ?? 0) || (answer === null && status === ERROR_IO_PENDING);
}

function answerOf(method: Method): Need {
  const { answer } = method;
  const label = answer === null ? "success" : `\`${nameOf(answer)}\`, to every call`;
  return need(label, (one) => one.state === "readWrite" && isSuccess(method, one));
}

function errorsOf(version: Version, { opnum, own, answer }: Method): Need[] {
  return [...own]
    .filter((status) => status !== answer && status !== ERROR_ACCESS_DENIED)
    .map((status) => {
      const name = nameOf(status);
      const reason = ofLeaving.has(name) ? leaving : reasonFor(version, opnum, name);
      const isIt = ({ status: seen }: Observation): boolean =>
        seen === status || (status === ERROR_INVALID_HANDLE && seen === contextMismatch);
      return need(`\`${name}\``, (one) => one.state === "readWrite" && isIt(one), reason);
    });
}

function accessOf(version: Version, method: Method): Need[] {
  const isRefused = ({ status }: Observation): boolean => status === ERROR_ACCESS_DENIED;
  const refused = (level: Observation["level"], who: string): Need =>
    need(`refused to ${who}`, (one) => one.level === level && isRefused(one));
  const answered = (level: Observation["level"], who: string): Need =>
    need(`answered to ${who}`, (one) => one.level === level && isSuccess(method, one));
  const reader = "a caller that may read";
  if (version === 2) return [refused("read", reader)];
  const nobody = refused(null, "a caller that may nothing");
  const handle = refused("all", "a handle opened to read");
  switch (method.access) {
    case "none":
      return [answered(null, "everybody")];
    case "requested":
      return [answered("read", reader), refused("read", `${reader}, for more`), nobody];
    case "byCode":
      return [answered("read", reader), handle];
    case "read":
      return [answered("read", reader), ...(askingCallers.has(method.opnum) ? [nobody] : [])];
    case "all":
      return askingCallers.has(method.opnum) ? [refused("read", reader), nobody] : [handle];
  }
}

function statesOf(method: Method): Need[] {
  const { state } = method;
  const isPaused = ({ status }: Observation): boolean => status === ERROR_SHARING_PAUSED;
  const answered = need("answered in read-only state", (one) => {
    return one.state === "readOnly" && isSuccess(method, one);
  });
  const paused = need("refused in read-only state", (one) => {
    return one.state === "readOnly" && isPaused(one);
  });
  return [
    ...(state === "readWrite" ? [] : [answered]),
    ...(state === "readOnly" ? [] : [paused]),
    need("refused before the server has begun", (one) => one.state === "none" && isPaused(one)),
    need("refused by a server that leaves", (one) => {
      return one.state === "leaving" && one.status === ERROR_CLUSTER_NODE_SHUTTING_DOWN;
    }),
  ];
}

const standings = new Map(
  controlConformance().map(({ code, standing }) => [code.name, standing] as const),
);

/** Null for a code that a server of ours doesn't answer yet, and for a kind of object that the version doesn't have. */
export function needsOfCode(version: Version, code: ControlCode): readonly Need[] | null {
  const standing = standings.get(code.name) ?? "missing";
  if (standing === "missing" || (version === 2 && code.kind === "groupSet")) return null;
  const seen = (status: number): Need["isSeen"] => {
    return (one) => one.state === "readWrite" && one.status === status;
  };
  const invalid = need("`ERROR_INVALID_FUNCTION`", seen(ERROR_INVALID_FUNCTION));
  if (version < code.since) return [invalid];
  const isFixed = standing !== "served";
  const hasAnswer = code.buffers === "out" || code.buffers === "inOut";
  const errors = isFixed ? [] : [...(hasAnswer ? [ERROR_MORE_DATA] : []), ...code.errors];
  return [
    isFixed ? invalid : need("success", seen(0)),
    ...errors.map((status) => need(`\`${nameOf(status)}\``, seen(status))),
    ...(version === 2 ? [] : [accessOfCode(code)]),
    stateOfCode(code),
  ];
}

function accessOfCode({ access }: ControlCode): Need {
  return access === "all"
    ? need("refused to a reader", (one) => {
        return one.level === "read" && one.status === ERROR_ACCESS_DENIED;
      })
    : need("answered to a reader", (one) => {
        return one.level === "read" && one.status !== ERROR_ACCESS_DENIED;
      });
}

function stateOfCode({ serverState }: ControlCode): Need {
  return serverState === "readWrite"
    ? need("refused in read-only state", (one) => {
        return one.state === "readOnly" && one.status === ERROR_SHARING_PAUSED;
      })
    : need("answered in read-only state", (one) => {
        return one.state === "readOnly" && one.status !== ERROR_SHARING_PAUSED;
      });
}

const controlNames: Readonly<Record<number, string>> = Object.fromEntries(
  Object.entries(ControlStatus).map(([name, status]) => [status, name]),
);

function nameOf(status: number): StatusName {
  return (statusNames[status] ?? controlNames[status] ?? String(status)) as StatusName;
}
