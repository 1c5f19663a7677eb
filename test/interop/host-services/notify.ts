// Opnum 14 of winreg, which smbtorture insists on calling. MS-RRP has no such method, and our server answers
// nca_s_op_rng_error, at which smbtorture gives up; with any status it goes on.
import { defineInterface, type Operation, type Router, RpcError } from "@msrpc/rpc";

interface Answer {
  readonly returnValue: number;
}

const notImplemented = 120;

const notifyChangeKeyValue: Operation<object, Answer, void> = {
  name: "NotifyChangeKeyValue",
  opnum: 14,
  encodeRequest: () => undefined,
  decodeRequest: () => ({}),
  encodeResponse: (w, { returnValue }) => w.u32(returnValue, "return value"),
  decodeResponse: (r) => ({ returnValue: r.u32("return value") }),
  empty: () => ({ returnValue: 0 }),
  status: ["returnValue"],
};

/** A router that serves winreg with one more operation, which fails with ERROR_CALL_NOT_IMPLEMENTED. */
export function withNotify(router: Router): Router {
  return {
    open: () => router.open(),
    get interfaces() {
      return router.interfaces;
    },
    serve(descriptor, handlers, policy) {
      const operations = { ...descriptor.operations, notifyChangeKeyValue };
      router.serve(
        defineInterface({ ...descriptor, absent: [], operations }),
        {
          ...handlers,
          notifyChangeKeyValue() {
            throw new RpcError(notImplemented);
          },
        },
        policy,
      );
      return router;
    },
  };
}
