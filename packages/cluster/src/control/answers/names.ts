/** The codes for names of computers. The cluster has no account in a directory: what needs one says so. */
import { Status } from "@msrpc/ms-cmrp";
import { RpcError } from "@msrpc/rpc";
import { fold } from "../../registry/key.ts";
import { type Answerer, type Answers, unsupported } from "../answer.ts";
import { dnsName, isPrimaryName, netBiosName } from "../names.ts";
import { dwords, givenDword, givenText, text } from "../octets.ts";
import { traitsOf } from "../traits.ts";

/** NETNAME_CHECK_AD_STATE_FLAGS_NO_DCS: no directory server was reached. */
const noDirectory = 1;

/** Only for resources that stand for a name. */
function ofNames(answer: Answerer<"resource">): Answerer<"resource"> {
  return (asked) => (traitsOf(asked.object.type).hasName ? answer(asked) : unsupported());
}

/**
 * What the account of the cluster's own name is to do with that of another one: without an account it may do nothing.
 * `otherwise` is for resources that stand for another name than the cluster's.
 */
function withAccount(otherwise: number): Answerer<"resource"> {
  return ofNames(({ object, input }) => {
    if (!isPrimaryName(object)) throw new RpcError(otherwise);
    givenText(input);
    throw new RpcError(Status.ERROR_ACCESS_DENIED, { detail: "the cluster has no account" });
  });
}

/** CLUSCTL_RESOURCE_NETNAME_CHECK_OU_PERMISSIONS_INPUT ([MS-CMRP] 2.2.3.34): version, permissions, a GUID. */
const checkSize = 24;

export const nameAnswers: Answers<"resource"> = {
  RESOURCE_GET_NETWORK_NAME: ofNames(({ tx, object }) => text(netBiosName(tx.state, object))),
  RESOURCE_GET_DNS_NAME: ofNames(({ tx, object }) => text(dnsName(tx.state, object))),
  RESOURCE_NETNAME_CREDS_UPDATED: ofNames(() => null),
  RESOURCE_NETNAME_VALIDATE_VCO: withAccount(Status.ERROR_INVALID_PARAMETER),
  RESOURCE_NETNAME_RESET_VCO: withAccount(Status.ERROR_CLUSTER_INVALID_REQUEST),
  RESOURCE_NETNAME_CHECK_AD_STATE: ofNames(() => dwords(noDirectory)),
  RESOURCE_NETNAME_CHECK_OU_PERMISSIONS: ofNames(({ object, input }) => {
    if (!isPrimaryName(object)) throw new RpcError(Status.ERROR_CLUSTER_INVALID_REQUEST);
    if (input.length < checkSize || givenDword(input) !== 1) {
      throw new RpcError(Status.ERROR_INVALID_PARAMETER);
    }
    const unit = text("");
    const answer = [...dwords(0, 1, unit.length), ...unit];
    return new Uint8Array(answer);
  }),
  RESOURCE_NETNAME_REGISTER_DNS_RECORDS: unsupported,
  RESOURCE_NETNAME_SET_PWD_INFO: unsupported,
  RESOURCE_NETNAME_SET_PWD_INFOEX: unsupported,
  RESOURCE_NETNAME_DELETE_CO: unsupported,
};

/** A label of DNS, short enough for NetBIOS, that no other resource stands for. */
export const validateName: Answerer<"resourceType"> = ({ tx, object, input }) => {
  if (!traitsOf(object.name).hasName) unsupported();
  const name = givenText(input);
  if (!/^[a-z\d](?:[a-z\d-]{0,13}[a-z\d])?$/i.test(name)) {
    throw new RpcError(Status.ERROR_INVALID_PARAMETER, {
      detail: "no computer can be called that",
    });
  }
  const { state } = tx;
  const isTaken = [...state.resources].some(
    (one) => traitsOf(one.type).hasName && fold(netBiosName(state, one)) === fold(name),
  );
  const isNode = state.nodes.find(name)?.name !== undefined;
  if (isTaken || isNode) throw new RpcError(Status.ERROR_DUP_NAME);
  return null;
};
