/** A small interface in the shape of generated code, for the tests of this package. */
import type { ContextHandle } from "@msrpc/ndr";
import { defineInterface, type InterfaceDescriptor, type Operation } from "@msrpc/rpc";

export type GroupHandle = ContextHandle<"GROUP">;
export type KeyHandle = ContextHandle<"KEY">;

interface OpenGroupRequest {
  groupName: string;
}
interface OpenGroupResponse {
  status: number;
  rpcStatus: number;
  returnValue: GroupHandle | null;
}

export const openGroup: Operation<OpenGroupRequest, OpenGroupResponse, GroupHandle> = {
  name: "ApiOpenGroup",
  opnum: 0,
  encodeRequest(w, q) {
    w.wstring(q.groupName, "lpszGroupName");
  },
  decodeRequest(r) {
    const groupName = r.wstring("lpszGroupName");
    return { groupName };
  },
  encodeResponse(w, p) {
    w.u32(p.status, "Status");
    w.u32(p.rpcStatus, "rpc_status");
    w.contextHandle(p.returnValue, "return value");
  },
  decodeResponse(r) {
    const status = r.u32("Status");
    const rpcStatus = r.u32("rpc_status");
    const returnValue = r.contextHandle<GroupHandle>("return value");
    return { status, rpcStatus, returnValue };
  },
  empty: () => ({ status: 0, rpcStatus: 0, returnValue: null }),
  status: ["status", "rpcStatus"],
  opens: { handle: "returnValue", close: "closeGroup" },
};

interface OpenKeyResponse {
  grantedAccess: number;
  status: number;
  key: KeyHandle | null;
}

const openKey: Operation<
  OpenGroupRequest,
  OpenKeyResponse,
  { grantedAccess: number; key: KeyHandle }
> = {
  name: "ApiOpenKey",
  opnum: 1,
  encodeRequest: openGroup.encodeRequest,
  decodeRequest: openGroup.decodeRequest,
  encodeResponse(w, p) {
    w.u32(p.grantedAccess, "granted");
    w.u32(p.status, "Status");
    w.contextHandle(p.key, "key");
  },
  decodeResponse(r) {
    const grantedAccess = r.u32("granted");
    const status = r.u32("Status");
    const key = r.contextHandle<KeyHandle>("key");
    return { grantedAccess, status, key };
  },
  empty: () => ({ grantedAccess: 0, status: 0, key: null }),
  status: ["status"],
  opens: { handle: "key", close: "closeKey" },
};

interface CloseResponse<Handle> {
  handle: Handle | null;
  returnValue: number;
}

function closeOperation<Handle extends ContextHandle>(
  name: string,
  opnum: number,
): Operation<{ handle: Handle }, CloseResponse<Handle>, void> {
  return {
    name,
    opnum,
    encodeRequest(w, q) {
      w.openHandle(q.handle, "handle");
    },
    decodeRequest(r) {
      return { handle: r.openHandle<Handle>("handle") };
    },
    encodeResponse(w, p) {
      w.contextHandle(p.handle, "handle");
      w.u32(p.returnValue, "return value");
    },
    decodeResponse(r) {
      const handle = r.contextHandle<Handle>("handle");
      const returnValue = r.u32("return value");
      return { handle, returnValue };
    },
    empty: () => ({ handle: null, returnValue: 0 }),
    status: ["returnValue"],
    closes: "handle",
  };
}

const closeGroup: Operation<
  { handle: GroupHandle },
  CloseResponse<GroupHandle>,
  void
> = closeOperation<GroupHandle>("ApiCloseGroup", 2);
const closeKey: Operation<
  { handle: KeyHandle },
  CloseResponse<KeyHandle>,
  void
> = closeOperation<KeyHandle>("ApiCloseKey", 3);

interface GetStateResponse {
  state: number;
  nodeName: string;
  returnValue: number;
}

const getGroupState: Operation<
  { group: GroupHandle },
  GetStateResponse,
  Pick<GetStateResponse, "state" | "nodeName">
> = {
  name: "ApiGetGroupState",
  opnum: 4,
  encodeRequest(w, q) {
    w.openHandle(q.group, "hGroup");
  },
  decodeRequest(r) {
    return { group: r.openHandle<GroupHandle>("hGroup") };
  },
  encodeResponse(w, p) {
    w.u32(p.state, "State");
    w.pointer(p.nodeName, "NodeName");
    w.wstring(p.nodeName, "NodeName");
    w.u32(p.returnValue, "return value");
  },
  decodeResponse(r) {
    const state = r.u32("State");
    let nodeName = r.pointer<string>("NodeName") ?? "";
    nodeName = r.wstring("NodeName");
    const returnValue = r.u32("return value");
    return { state, nodeName, returnValue };
  },
  empty: () => ({ state: 0, nodeName: "", returnValue: 0 }),
  status: ["returnValue"],
};

interface StatusResponse {
  returnValue: number;
}

/** Goes on after its answer: 997 is no error. */
const onlineGroup: Operation<{ group: GroupHandle }, StatusResponse, StatusResponse> = {
  name: "ApiOnlineGroup",
  opnum: 5,
  encodeRequest: getGroupState.encodeRequest,
  decodeRequest: getGroupState.decodeRequest,
  encodeResponse(w, p) {
    w.u32(p.returnValue, "return value");
  },
  decodeResponse(r) {
    return { returnValue: r.u32("return value") };
  },
  empty: () => ({ returnValue: 0 }),
  status: ["returnValue"],
  accepts: [997],
};

/** No parameters, and a result that is no status. */
const getVersion: Operation<object, { version: number }> = {
  name: "ApiGetVersion",
  opnum: 6,
  encodeRequest() {},
  decodeRequest: () => ({}),
  encodeResponse(w, p) {
    w.u32(p.version, "version");
  },
  decodeResponse(r) {
    return { version: r.u32("version") };
  },
  empty: () => ({ version: 0 }),
};

interface Sum {
  total: number;
}

/** An [in] pipe of longs and an [out] pipe of longs. */
const runningTotals: Operation<
  { start: number; numbers: AsyncIterable<number> },
  Sum & { totals: AsyncIterable<number> }
> = {
  name: "RunningTotals",
  opnum: 7,
  encodeRequest(w, q) {
    w.u32(q.start, "start");
  },
  decodeRequest(r) {
    return { start: r.u32("start"), numbers: none };
  },
  encodeResponse(w, p) {
    w.u32(p.total, "total");
  },
  decodeResponse(r) {
    return { total: r.u32("total"), totals: none };
  },
  empty: () => ({ total: 0 }) as Sum & { totals: AsyncIterable<number> },
  inPipes: [{ member: "numbers", atLeast: 4, write: writeLong, read: (r) => r.u32("") }],
  outPipes: [
    { member: "totals", atLeast: 4, range: [1, 500], write: writeLong, read: (r) => r.u32("") },
  ],
};

function writeLong(w: { u32(value: number, name: string): void }, element: unknown): void {
  w.u32(element as number, "");
}

const none: AsyncIterable<number> = {
  async *[Symbol.asyncIterator]() {},
};

const absentOpnum = 8;

const operations = {
  openGroup,
  openKey,
  closeGroup,
  closeKey,
  getGroupState,
  onlineGroup,
  getVersion,
  runningTotals,
};

export const sample: InterfaceDescriptor<typeof operations> = defineInterface({
  name: "sample",
  uuid: "b97db8b2-4c63-11cf-bff6-08002be23f2f",
  version: { major: 3, minor: 0 },
  strictness: 6,
  operations,
  absent: [absentOpnum],
  statusNames: { 5013: "ERROR_GROUP_NOT_FOUND", 997: "ERROR_IO_PENDING" },
});
