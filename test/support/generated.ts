// The generated interfaces beside the plans that they were made from.
import { conv, epm, mgmt } from "@msrpc/dce-rpc";
import { clusapi2, clusapi3 } from "@msrpc/ms-cmrp";
import type { AnyOperation, InterfaceDescriptor } from "@msrpc/rpc";
import { rpcecho } from "@msrpc/rpcecho";
import { planOf, type PlannedFile } from "./own-idl.ts";

export interface GeneratedInterface extends PlannedFile {
  readonly name: string;
  readonly descriptor: InterfaceDescriptor;
  readonly operations: ReadonlyMap<number, AnyOperation>;
}

const sources: Readonly<Record<string, InterfaceDescriptor>> = {
  "ms-cmrp/clusapi2.idl": clusapi2,
  "ms-cmrp/clusapi3.idl": clusapi3,
  "dce-rpc/epm.idl": epm,
  "dce-rpc/mgmt.idl": mgmt,
  "dce-rpc/conv.idl": conv,
  "rpcecho/rpcecho.idl": rpcecho,
};

export function generatedInterfaces(): GeneratedInterface[] {
  return Object.entries(sources).map(([path, descriptor]) => ({
    ...planOf(path),
    name: path.slice(path.indexOf("/") + 1, -".idl".length),
    descriptor,
    operations: new Map(Object.values(descriptor.operations).map((item) => [item.opnum, item])),
  }));
}
