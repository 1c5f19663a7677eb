/** Answers to the control codes of resource types ([MS-CMRP] 3.1.4.3.2). */
import { Format, writePropertyList } from "@msrpc/cluster-data";
import { Status } from "@msrpc/ms-cmrp";
import { RpcError } from "@msrpc/rpc";
import { commonSchemas } from "../../property/common-schemas.ts";
import { givenProperties } from "../../property/check.ts";
import { privateSchema } from "../../property/scope.ts";
import { currentValue, formatsIn, initialProperties, scopeOf } from "../../property/scope.ts";
import { fold } from "../../registry/key.ts";
import { type Answers, unsupported } from "../answer.ts";
import { dwords, givenText } from "../octets.ts";
import { characteristicsOf, ClusFlag } from "../traits.ts";
import { validateName } from "./names.ts";
import { propertyAnswers } from "./properties.ts";
import { storageTypeAnswers } from "./storage.ts";
import { traitAnswers } from "./type-traits.ts";

/** The bit of CLUS_CHARACTERISTICS that a type has whose resources can decide on quorum. */
const quorum = 1;

function isType(name: string, wanted: string): boolean {
  return fold(name) === fold(wanted);
}

export const resourceTypeAnswers: Answers<"resourceType"> = {
  ...traitAnswers<"resourceType">("RESOURCE_TYPE", ({ name }) => name),
  ...propertyAnswers<"resourceType">("RESOURCE_TYPE"),
  ...storageTypeAnswers,
  RESOURCE_TYPE_UNKNOWN: () => null,
  RESOURCE_TYPE_GET_FLAGS: () => dwords(ClusFlag.None),
  // The types that Windows has don't do this, and the document says that they should not.
  RESOURCE_TYPE_GET_COMMON_PROPERTY_FMTS: unsupported,
  RESOURCE_TYPE_GET_COMMON_RESOURCE_PROPERTY_FMTS: () =>
    writePropertyList(formatsIn(initialProperties(commonSchemas.resource))),
  RESOURCE_TYPE_GET_PRIVATE_RESOURCE_PROPERTY_FMTS: ({ tx, object }) =>
    writePropertyList(formatsIn(initialProperties(privateSchema(tx.state, object.name)))),
  RESOURCE_TYPE_GET_ARB_TIMEOUT({ tx, object }) {
    if ((characteristicsOf(object) & quorum) === 0) unsupported();
    const scope = scopeOf(tx.state, { kind: "cluster", object: tx.state }, "common");
    const definition = scope.schema.get("QUORUMARBITRATIONTIMEMAX");
    const value = definition === undefined ? null : currentValue(scope, definition);
    return dwords(value?.format === Format.Dword ? value.number : 0);
  },
  RESOURCE_TYPE_NETNAME_VALIDATE_NETNAME: validateName,
  RESOURCE_TYPE_VALIDATE_PATH({ tx, object, input }) {
    if (!isType(object.name, "File Share Witness")) unsupported();
    const [property] = givenProperties(input);
    const path = property?.value?.format === Format.Sz ? property.value.text : "";
    const [, server = ""] = /^\\\\([^\\/]+)\\[^\\/]+(?:\\[^\\/]+)*\\?$/.exec(path) ?? [];
    if (fold(property?.name ?? "") !== "SHAREPATH" || server === "") {
      throw new RpcError(Status.ERROR_INVALID_PARAMETER, { detail: "no path of a share" });
    }
    const [host = ""] = server.split(".");
    if (tx.state.nodes.find(host) !== undefined) {
      throw new RpcError(Status.ERROR_FILE_SHARE_RESOURCE_CONFLICT);
    }
    return null;
  },
  RESOURCE_TYPE_GEN_APP_VALIDATE_DIRECTORY({ object, input, machine }) {
    if (!isType(object.name, "Generic Application")) unsupported();
    if (!machine.isDirectory(givenText(input))) throw new RpcError(Status.ERROR_FILE_NOT_FOUND);
    return null;
  },
  CLOUD_WITNESS_RESOURCE_TYPE_VALIDATE_CREDENTIALS: unsupported,
};
