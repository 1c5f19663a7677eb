/** Answers to the control codes of networks and their interfaces ([MS-CMRP] 3.1.4.3.5, 3.1.4.3.6). */
import type { Answers } from "../answer.ts";
import { text } from "../octets.ts";
import { identityAnswers } from "./identity.ts";
import { noProperties, propertyAnswers } from "./properties.ts";

export const networkAnswers: Answers<"network"> = {
  ...identityAnswers<"network">("NETWORK"),
  ...propertyAnswers<"network">("NETWORK"),
  NETWORK_GET_RO_PRIVATE_PROPERTIES: noProperties,
};

export const netInterfaceAnswers: Answers<"netInterface"> = {
  ...identityAnswers<"netInterface">("NETINTERFACE"),
  ...propertyAnswers<"netInterface">("NETINTERFACE"),
  NETINTERFACE_GET_RO_PRIVATE_PROPERTIES: noProperties,
  NETINTERFACE_GET_NODE: ({ tx, object }) => text(tx.state.nodes.get(object.node)?.name ?? ""),
  NETINTERFACE_GET_NETWORK: ({ tx, object }) =>
    text(tx.state.networks.get(object.network)?.name ?? ""),
};
