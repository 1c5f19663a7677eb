/** What counts for quorum. */
import { Status } from "@msrpc/ms-cmrp";
import { RpcError } from "@msrpc/rpc";
import {
  chooseQuorum,
  demandCapable,
  demandUnneeded,
  quorumPath,
  withWitness,
} from "../core/quorum.ts";
import type { Transaction } from "../core/transaction.ts";
import { DefinitionError, type QuorumDefinition } from "./definition.ts";
import { known } from "./names.ts";
import { refusing } from "./values.ts";

/** Octets, where nothing is said. */
const usualLogSize = 0x40_0000;

/** When all resources are there, none of which is online yet. @throws DefinitionError */
export function defineQuorum(tx: Transaction, quorum: QuorumDefinition): void {
  const path = ["quorum", "resource"];
  if (quorum.type === "majority") return;
  const resource = known(tx.state.resources, quorum.resource, path);
  const logSize = quorum.type === "witness" ? withWitness : usualLogSize;
  refusing(path, () => {
    demandCapable(resource, logSize);
    demandUnneeded(tx.state, resource);
    if (resource.persistentState === 0) throw new RpcError(Status.ERROR_RESOURCE_NOT_ONLINE);
  });
  if (quorum.path?.includes("\0") === true) {
    throw new DefinitionError(["quorum", "path"], "a path is needed");
  }
  chooseQuorum(tx, { resource, path: quorumPath(quorum.path ?? ""), logSize });
}
