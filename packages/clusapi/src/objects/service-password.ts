/** The account that the service of clusters before Windows Server 2008 runs as ([MS-CMRP] 3.1.4.1.108). */
import { ClusterSetPasswordFlags } from "@msrpc/ms-cmrp";
import type { CallOptions } from "@msrpc/rpc";
import { statusName } from "../errors/status-name.ts";
import type { Session } from "../session/session.ts";

export interface ServicePasswordOptions extends CallOptions {
  /** Nodes that are down keep the old password. Default: then nothing is done. */
  readonly mayMissNodes?: boolean;
}

export interface PasswordOutcome {
  /** The node's ID. */
  readonly node: string;
  readonly wasTried: boolean;
  /** `ERROR_SUCCESS`, or why not. */
  readonly outcome: string;
}

/** More than clusters had when their service had an account. */
const mostNodes = 64;
const ignoreDown = ClusterSetPasswordFlags.IDL_CLUSTER_SET_PASSWORD_IGNORE_DOWN_NODES;

export async function setServicePassword(
  session: Session,
  newPassword: string,
  { mayMissNodes = false, ...options }: ServicePasswordOptions = {},
): Promise<PasswordOutcome[]> {
  const request = { newPassword, flags: mayMissNodes ? ignoreDown : 0, maxStatuses: mostNodes };
  const { statuses } = await session.call("the service's account", (api) =>
    api.setServiceAccountPassword(request, options),
  );
  return statuses.map(({ nodeId, setAttempted, returnStatus }) => ({
    node: String(nodeId),
    wasTried: setAttempted !== 0,
    outcome: returnStatus === 0 ? "ERROR_SUCCESS" : statusName(returnStatus),
  }));
}
