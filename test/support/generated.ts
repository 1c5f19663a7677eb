// The generated interfaces beside the plans that they were made from.
import { conv, epm, mgmt } from "@msrpc/dce-rpc";
import {
  iActivation,
  iObjectExporter,
  iRemoteScmActivator,
  iRemUnknown,
  iRemUnknown2,
} from "@msrpc/ms-dcom";
import { clusapi2, clusapi3 } from "@msrpc/ms-cmrp";
import { drsuapi, dsaop } from "@msrpc/ms-drsr";
import { eventService } from "@msrpc/ms-even6";
import { lsarpc } from "@msrpc/ms-lsad";
import { netlogon } from "@msrpc/ms-nrpc";
import { winreg } from "@msrpc/ms-rrp";
import { samr } from "@msrpc/ms-samr";
import { svcctl } from "@msrpc/ms-scmr";
import { srvsvc } from "@msrpc/ms-srvs";
import { atsvc, sasec, taskSchedulerService } from "@msrpc/ms-tsch";
import { wkssvc } from "@msrpc/ms-wkst";
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
  "ms-dcom/activation.idl": iActivation,
  "ms-dcom/objectexporter.idl": iObjectExporter,
  "ms-dcom/remunknown.idl": iRemUnknown,
  "ms-dcom/remunknown2.idl": iRemUnknown2,
  "ms-dcom/scmactivator.idl": iRemoteScmActivator,
  "ms-drsr/drsuapi.idl": drsuapi,
  "ms-drsr/dsaop.idl": dsaop,
  "ms-even6/even6.idl": eventService,
  "ms-lsad/lsarpc.idl": lsarpc,
  "ms-nrpc/logon.idl": netlogon,
  "ms-rrp/winreg.idl": winreg,
  "ms-samr/samr.idl": samr,
  "ms-scmr/svcctl.idl": svcctl,
  "ms-srvs/srvsvc.idl": srvsvc,
  "ms-tsch/atsvc.idl": atsvc,
  "ms-tsch/sasec.idl": sasec,
  "ms-tsch/schrpc.idl": taskSchedulerService,
  "ms-wkst/wkssvc.idl": wkssvc,
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
