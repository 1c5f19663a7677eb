/** Answers to the control codes of groups ([MS-CMRP] 3.1.4.3.3). */
import { GroupState, Status } from "@msrpc/ms-cmrp";
import { RpcError } from "@msrpc/rpc";
import { setProperties } from "../../core/properties.ts";
import { groupState, resourcesOf } from "../../model/derived.ts";
import { providerGroupsOf } from "../../model/sets.ts";
import { isWaiting } from "../../model/waiting.ts";
import { givenProperties } from "../../property/check.ts";
import { pathOfSubject } from "../../property/subject.ts";
import { findKey } from "../../registry/key.ts";
import type { Answers } from "../answer.ts";
import { dwords, fileTime, texts } from "../octets.ts";
import { groupFlags } from "../traits.ts";
import { identityAnswers } from "./identity.ts";
import { noProperties, propertyAnswers } from "./properties.ts";

/** What a group that has come to a state answers to who waits for it. */
const outcomes: ReadonlyMap<number, number> = new Map([
  [GroupState.Online, 0],
  [GroupState.PartialOnline, 0],
  [GroupState.Pending, Status.ERROR_IO_PENDING],
]);

export const groupAnswers: Answers<"group"> = {
  ...identityAnswers<"group">("GROUP"),
  ...propertyAnswers<"group">("GROUP"),
  GROUP_GET_RO_PRIVATE_PROPERTIES: noProperties,
  GROUP_GET_FLAGS: ({ tx, object }) => dwords(groupFlags(tx.state, object)),
  /** It changes when one of its resources does. */
  GROUP_GET_STATE_CHANGE_TIME({ tx, subject, object }) {
    const times = resourcesOf(tx.state, object).map(({ stateChanged }) => stateChanged);
    const key = findKey(tx.state.registry, pathOfSubject(subject));
    return fileTime(Math.max(0, ...times) || (key?.lastWrite ?? 0));
  },
  GROUP_CHECK_FOR_STABLE_ONLINE_OR_TERMINAL_FAILED: ({ tx, object }) =>
    dwords(
      isWaiting(tx.state, object)
        ? Status.ERROR_IO_PENDING
        : (outcomes.get(groupState(tx.state, object)) ?? Status.ERROR_RESMON_ONLINE_FAILED),
    ),
  GROUP_SET_CCF_FROM_MASTER({ tx, subject, input }) {
    const properties = givenProperties(input);
    if (properties.length !== 2) throw new RpcError(Status.ERROR_INVALID_PARAMETER);
    setProperties(tx, subject, "common", properties);
    return null;
  },
  GROUP_GET_PROVIDER_GROUPS: ({ tx, object }) =>
    texts(providerGroupsOf(tx.state, object).map(({ name }) => name)),
  GROUP_GET_PROVIDER_GROUPSETS({ tx, object }) {
    const provider = tx.state.groupSets.get(object.providerSet);
    return texts(provider === undefined ? [] : [provider.name]);
  },
};
