/** What has to be seen of a method and of a control code: by the table of methods and by that of codes. */
import { Status, statusNames } from "@msrpc/ms-cmrp";
import { conformance, controlConformance } from "../../src/conformance.ts";
import type { ControlCode } from "../../src/control/code.ts";
import { ControlStatus } from "@msrpc/cluster-data";
import type { StatusName } from "../../src/service/methods/row.ts";
import { type Method, methods, type Version } from "../../src/service/methods/table.ts";
import type { Observation } from "./observation.ts";
import { reasonFor, reasonForCode } from "./unproduced.ts";

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
export const askingCallers: ReadonlySet<number> = new Set([
  0, 2, 3, 5, 6, 7, 8, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 55, 56,
  61, 65, 66, 81, 92, 95, 102, 103, 107, 113, 114, 115, 116, 129, 137, 138, 145, 147, 155, 157, 163,
  164,
]);

/** Methods that take handles to group sets alone, which can't be opened to read: there is no method for that. */
export const takingSetsOnly: ReadonlySet<number> = new Set([166, 171, 174, 177, 178]);
const neverToRead = "group sets can't be opened to read";

/** What methods list that answer it only where the state of the server is another one. */
const ofStates: ReadonlySet<number> = new Set([
  ERROR_SHARING_PAUSED,
  ERROR_CLUSTER_NODE_SHUTTING_DOWN,
]);
/** Of these, the ones whose text has another condition: a node that is paused. */
const withPausedNodes: ReadonlySet<number> = new Set([17, 49, 52, 130, 133, 135]);

const missing: Readonly<Record<Version, ReadonlySet<number>>> = {
  2: new Set(conformance().flatMap(({ opnum, two }) => (two === "missing" ? opnum : []))),
  3: new Set(conformance().flatMap(({ opnum, three }) => (three === "missing" ? opnum : []))),
};

/** Null for a method that the version doesn't have, or that a server of ours doesn't yet. */
export function needsOfMethod(version: Version, opnum: number): readonly Need[] | null {
  const method = methods[version].get(opnum);
  if (method === undefined || missing[version].has(opnum)) return null;
  const needs = [answerOf(version, method), ...errorsOf(version, method)];
  return [...needs, ...accessOf(version, method), ...statesOf(version, method)];
}

function need(label: string, isSeen: Need["isSeen"], reason: string | null = null): Need {
  return { label, isSeen, reason };
}

/** A server of version 2.0 writes its database to no path of a client's. */
const fixedIn2: ReadonlyMap<number, number> = new Map([[104, Status.ERROR_CALL_NOT_IMPLEMENTED]]);

/**
 * Whether a status is what a method answers where nothing is wrong: success, a call under way, or the one answer that it
 * has for every call.
 */
export function isAnswer(version: Version, { opnum, answer }: Method, status: number): boolean {
  const fixed = answer ?? (version === 2 ? fixedIn2.get(opnum) : undefined);
  return fixed === undefined ? status === 0 || status === ERROR_IO_PENDING : status === fixed;
}

function answerOf(version: Version, method: Method): Need {
  const { answer } = method;
  const label = answer === null ? "success" : `\`${nameOf(answer)}\`, to every call`;
  return need(label, ({ state, status }) => {
    return state === "readWrite" && isAnswer(version, method, status);
  });
}

function errorsOf(version: Version, { opnum, own, answer }: Method): Need[] {
  return [...own]
    .filter((status) => status !== answer && status !== ERROR_ACCESS_DENIED)
    .map((status) => {
      const name = nameOf(status);
      const reason = reasonFor(version, opnum, name);
      const isIt = ({ status: seen }: Observation): boolean =>
        seen === status || (status === ERROR_INVALID_HANDLE && seen === contextMismatch);
      const isAnywhere = ofStates.has(status) && !withPausedNodes.has(opnum);
      const isIn: Need["isSeen"] = ({ state }) => isAnywhere || state === "readWrite";
      return need(`\`${name}\``, (one) => isIn(one) && isIt(one), reason);
    });
}

function accessOf(version: Version, method: Method): Need[] {
  const isRefused = ({ status }: Observation): boolean => status === ERROR_ACCESS_DENIED;
  const refused = (level: Observation["level"], who: string): Need =>
    need(`refused to ${who}`, (one) => one.level === level && isRefused(one));
  const answered = (level: Observation["level"], who: string): Need =>
    need(
      `answered to ${who}`,
      (one) => one.level === level && isAnswer(version, method, one.status),
    );
  const reader = "a caller that may read";
  if (version === 2) return [refused("read", reader)];
  const nobody = refused(null, "a caller that may nothing");
  const handle = {
    ...refused("all", "a handle opened to read"),
    reason: takingSetsOnly.has(method.opnum) ? neverToRead : null,
  };
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

function statesOf(version: Version, method: Method): Need[] {
  const { state } = method;
  const isPaused = ({ status }: Observation): boolean => status === ERROR_SHARING_PAUSED;
  const answered = need("answered in read-only state", (one) => {
    return one.state === "readOnly" && isAnswer(version, method, one.status);
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
    isFixed ? invalid : need("success", seen(0), reasonForCode(code.name, "ERROR_SUCCESS")),
    ...errors.map((status) => {
      const reason = reasonForCode(code.name, nameOf(status));
      return need(`\`${nameOf(status)}\``, seen(status), reason);
    }),
    ...(version === 2 ? [] : [accessOfCode(code)]),
    stateOfCode(code),
  ];
}

function accessOfCode({ access, kind, name }: ControlCode): Need {
  if (access === "all") {
    const reason = kind === "groupSet" ? neverToRead : null;
    const isRefused: Need["isSeen"] = (one) =>
      one.level === "read" && one.status === ERROR_ACCESS_DENIED;
    return need("refused to a reader", isRefused, reason);
  }
  // The account that the cluster hasn't got is refused itself.
  const reason = name === "RESOURCE_NETNAME_VALIDATE_VCO" ? ofAccounts : null;
  const isAnswered: Need["isSeen"] = (one) =>
    one.level === "read" && one.status !== ERROR_ACCESS_DENIED;
  return need("answered to a reader", isAnswered, reason);
}

const ofAccounts = "`ERROR_ACCESS_DENIED` is its answer to everybody";

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
