/** The maintenance of storage ([MS-CMRP] 3.1.1.1.1.2, 3.1.4.3.1.42, 3.1.4.3.1.43): it lasts until it is ended. */
import { ResourceState, Status } from "@msrpc/ms-cmrp";
import { RpcError } from "@msrpc/rpc";
import { type Answers, unsupported } from "../answer.ts";
import { dwords, givenDword } from "../octets.ts";
import { isStorage } from "../traits.ts";

/** MAINTENANCE_MODE_TYPE ([MS-CMRP] 2.2.2.6). */
const Mode = { DisableIsAliveCheck: 1, OfflineResource: 2, UnclusterResource: 3 } as const;
/** What CLUS_MAINTENANCE_MODE_INFO_EX ends with. */
const signature = 0xabba_f00f;
const simpleSize = 4;
const extendedSize = 16;

export const maintenanceAnswers: Answers<"resource"> = {
  RESOURCE_QUERY_MAINTENANCE_MODE({ object, room }) {
    if (!isStorage(object.type)) unsupported();
    const { maintenance, state } = object;
    const inMaintenance = maintenance === 0 ? 0 : 1;
    if (room < extendedSize) return dwords(inMaintenance);
    const mode = maintenance === 0 ? Mode.DisableIsAliveCheck : maintenance;
    const isTakenOff = mode !== Mode.DisableIsAliveCheck;
    return dwords(inMaintenance, mode, isTakenOff ? ResourceState.Offline : state, signature);
  },
  RESOURCE_SET_MAINTENANCE_MODE({ tx, object, input }) {
    if (!isStorage(object.type)) unsupported();
    const maintenance = modeIn(input);
    if (maintenance !== 0 && object.state !== ResourceState.Online) {
      throw new RpcError(Status.ERROR_RESOURCE_NOT_ONLINE);
    }
    // Into and out of the offline mode it is a step at a time.
    const steps = [object.maintenance, maintenance];
    const isJump =
      steps.includes(Mode.OfflineResource) &&
      steps.some((one) => one !== Mode.OfflineResource && one !== Mode.DisableIsAliveCheck);
    if (isJump) throw new RpcError(Status.ERROR_INVALID_PARAMETER);
    tx.configure("resource", object, { maintenance });
    return null;
  },
};

/** The mode that CLUS_MAINTENANCE_MODE_INFO or ..._INFO_EX asks for; 0 for none. */
function modeIn(input: Uint8Array): number {
  const refused = new RpcError(Status.ERROR_INVALID_PARAMETER);
  if (input.length !== simpleSize && input.length !== extendedSize) throw refused;
  const inMaintenance = givenDword(input);
  if (inMaintenance > 1) throw refused;
  if (input.length === simpleSize) return inMaintenance * Mode.DisableIsAliveCheck;
  const mode = givenDword(input, 4);
  const isKnown = mode >= Mode.DisableIsAliveCheck && mode <= Mode.UnclusterResource;
  if (givenDword(input, 12) !== signature || !isKnown) throw refused;
  return inMaintenance * mode;
}
