/** Answers to the control codes of resources ([MS-CMRP] 3.1.4.3.1). */
import { ResourceState, Status } from "@msrpc/ms-cmrp";
import { RpcError } from "@msrpc/rpc";
import { fold, findKey } from "../../registry/key.ts";
import { pathOfSubject } from "../../property/subject.ts";
import { type Answers, unsupported } from "../answer.ts";
import { dwords, fileTime, givenDword, givenText, text, texts } from "../octets.ts";
import { ClusFlag } from "../traits.ts";
import { checkpointAnswers } from "./checkpoints.ts";
import { identityAnswers } from "./identity.ts";
import { maintenanceAnswers } from "./maintenance.ts";
import { nameAnswers } from "./names.ts";
import { propertyAnswers } from "./properties.ts";
import { storageAnswers } from "./storage.ts";
import { traitAnswers } from "./type-traits.ts";

/** Every bit of the set of nodes that a domain which nobody knows stands for. */
const everyNode = new Uint8Array(8).fill(0xff);

export const resourceAnswers: Answers<"resource"> = {
  ...identityAnswers<"resource">("RESOURCE"),
  ...traitAnswers<"resource">("RESOURCE", ({ type }) => type),
  ...propertyAnswers<"resource">("RESOURCE"),
  ...checkpointAnswers,
  ...maintenanceAnswers,
  ...nameAnswers,
  ...storageAnswers,
  RESOURCE_GET_FLAGS: ({ object }) => dwords(object.isCore === 1 ? ClusFlag.Core : ClusFlag.None),
  RESOURCE_GET_RESOURCE_TYPE: ({ object }) => text(object.type),
  RESOURCE_GET_STATE_CHANGE_TIME({ tx, subject, object }) {
    const key = findKey(tx.state.registry, pathOfSubject(subject));
    return fileTime(object.stateChanged || (key?.lastWrite ?? 0));
  },
  RESOURCE_GET_RELATED_RESOURCE_NAMES({ object }) {
    if (object.state !== ResourceState.Online) throw new RpcError(Status.ERROR_RESOURCE_NOT_ONLINE);
    return texts([]);
  },
  RESOURCE_UPGRADE_DLL({ tx, object, input }) {
    const path = givenText(input);
    const type = tx.state.resourceTypes.find(object.type);
    const last = (one: string): string => fold(one.split(/[\\/]/).at(-1) ?? "");
    if (type === undefined || last(type.dllName) !== last(path)) {
      throw new RpcError(Status.ERROR_INVALID_PARAMETER, { detail: "another library" });
    }
    tx.configure("resourceType", type, { dllName: path });
    tx.tell("resourceType", "dllUpgraded", type, tx.state.localNode);
    tx.tell("resource", "dllUpgraded", object, tx.state.localNode);
    return null;
  },
  RESOURCE_GET_NODES_IN_FD({ tx, input, room }) {
    if (room !== everyNode.length) {
      throw new RpcError(Status.ERROR_MORE_DATA, { response: { requiredSize: everyNode.length } });
    }
    // 0 is CLUSTER_FAULT_DOMAIN_TYPE_INVALID ([MS-CMRP] 2.2.2.28).
    if (input.length !== 4 || givenDword(input) === 0) return everyNode;
    const bits = [...tx.state.nodes].reduce((all, { id }) => all | (1n << BigInt(id)), 0n);
    const octets = new Uint8Array(8);
    new DataView(octets.buffer).setBigUint64(0, bits, true);
    return octets;
  },
  RESOURCE_VM_START_MIGRATION: unsupported,
  RESOURCE_VM_CANCEL_MIGRATION: unsupported,
  CLOUD_WITNESS_RESOURCE_UPDATE_TOKEN: unsupported,
};
