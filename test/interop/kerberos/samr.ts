// Two operations of SAMR, as a server that has more to ask for than an endpoint mapper.
import type { ContextHandle } from "@msrpc/ndr";
import { defineInterface, type InterfaceDescriptor, type Operation } from "@msrpc/rpc";

interface Opened {
  server: ContextHandle | null;
  returnValue: number;
}

const connect: Operation<{ access: number }, Opened> = {
  name: "SamrConnect2",
  opnum: 57,
  encodeRequest(w, { access }) {
    w.pointer(null, "ServerName");
    w.u32(access, "DesiredAccess");
  },
  decodeRequest(r) {
    r.pointer("ServerName");
    return { access: r.u32("DesiredAccess") };
  },
  encodeResponse: writeOpened,
  decodeResponse: readOpened,
  empty: () => ({ server: null, returnValue: 0 }),
};

const close: Operation<{ server: ContextHandle | null }, Opened> = {
  name: "SamrCloseHandle",
  opnum: 1,
  encodeRequest(w, { server }) {
    w.contextHandle(server, "SamHandle");
  },
  decodeRequest: (r) => ({ server: r.contextHandle("SamHandle") }),
  encodeResponse: writeOpened,
  decodeResponse: readOpened,
  empty: () => ({ server: null, returnValue: 0 }),
};

function writeOpened(w: Parameters<typeof connect.encodeResponse>[0], v: Opened): void {
  w.contextHandle(v.server, "ServerHandle");
  w.u32(v.returnValue, "return value");
}

function readOpened(r: Parameters<typeof connect.decodeResponse>[0]): Opened {
  return { server: r.contextHandle("ServerHandle"), returnValue: r.u32("return value") };
}

export const samr: InterfaceDescriptor<{
  readonly connect: typeof connect;
  readonly close: typeof close;
}> = defineInterface({
  name: "samr",
  uuid: "12345778-1234-abcd-ef00-0123456789ac",
  version: { major: 1, minor: 0 },
  operations: { connect, close },
});
