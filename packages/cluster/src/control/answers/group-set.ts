/** Answers to the control codes of group sets ([MS-CMRP] 3.1.4.3.8). They have fewer codes than other objects. */
import { Status } from "@msrpc/ms-cmrp";
import { setProperties } from "../../core/properties.ts";
import { reorder } from "../../core/reorder.ts";
import { groupsIn, providerSetsOf } from "../../model/sets.ts";
import { givenProperties } from "../../property/check.ts";
import type { Answers } from "../answer.ts";
import { text, texts } from "../octets.ts";
import { propertyLists } from "./properties.ts";

const names = (objects: readonly { readonly name: string }[]): Uint8Array =>
  texts(objects.map(({ name }) => name));

export const groupSetAnswers: Answers<"groupSet"> = {
  ...propertyLists<"groupSet">("GROUPSET", "common"),
  GROUPSET_GET_ID: ({ object }) => text(object.id),
  /** One that becomes global comes before all others, which may be what it waits for. */
  GROUPSET_SET_COMMON_PROPERTIES({ tx, subject, input }) {
    setProperties(tx, subject, "common", givenProperties(input));
    reorder(tx, Status.ERROR_INVALID_PARAMETER);
    return null;
  },
  GROUPSET_GET_GROUPS: ({ tx, object }) => names(groupsIn(tx.state, object)),
  /** A group set names no groups: these are in the group sets that it names. */
  GROUPSET_GET_PROVIDER_GROUPS: ({ tx, object }) =>
    names(providerSetsOf(tx.state, object).flatMap((one) => groupsIn(tx.state, one))),
  GROUPSET_GET_PROVIDER_GROUPSETS: ({ tx, object }) => names(providerSetsOf(tx.state, object)),
};
