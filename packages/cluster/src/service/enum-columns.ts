/** The properties that lists of groups and resources have beside their names ([MS-CMRP] 3.1.4.2.139, 3.1.4.2.140). */
import { textsOf, writePropertyList } from "@msrpc/cluster-data";
import { RegistryType, Status } from "@msrpc/ms-cmrp";
import { RpcError } from "@msrpc/rpc";
import type { ClusterState } from "../model/state.ts";
import { commonSchemas } from "../property/common-schemas.ts";
import type { PropertyDefinition } from "../property/schema.ts";
import { currentValue, scopeOf } from "../property/scope.ts";
import type { Subject } from "../property/subject.ts";
import { fold } from "../registry/key.ts";

/** Names of common properties, each a MULTI_SZ: of those that clients can set, and of those that they can't. */
export interface AskedColumns {
  readonly properties: Uint8Array | null;
  readonly roProperties: Uint8Array | null;
}

export interface Columns {
  /** Property lists; null where none was asked for. */
  readonly properties: Uint8Array | null;
  readonly roProperties: Uint8Array | null;
}

/**
 * How to fill in the columns of an object.
 *
 * @throws RpcError ERROR_INVALID_PARAMETER for names that no common property has
 */
export function columnsOf(
  state: ClusterState,
  kind: "group" | "resource",
  asked: AskedColumns,
): (subject: Subject) => Columns {
  const settable = definitions(kind, asked.properties, false);
  const fixed = definitions(kind, asked.roProperties, true);
  const list = (
    subject: Subject,
    wanted: readonly PropertyDefinition[] | null,
  ): Uint8Array | null => {
    if (wanted === null) return null;
    const scope = scopeOf(state, subject, "common");
    return writePropertyList(
      wanted.map((one) => ({ name: one.name, value: currentValue(scope, one) })),
    );
  };
  return (subject) => ({
    properties: list(subject, settable),
    roProperties: list(subject, fixed),
  });
}

function definitions(
  kind: "group" | "resource",
  names: Uint8Array | null,
  isReadOnly: boolean,
): readonly PropertyDefinition[] | null {
  if (names === null) return null;
  const schema = commonSchemas[kind];
  const asked = textsOf({ type: RegistryType.MultiSz, data: names }) ?? [];
  if (asked.length === 1 && asked[0] === "*") {
    return [...schema.values()].filter((one) => (one.isReadOnly ?? false) === isReadOnly);
  }
  return asked.map((name) => {
    const definition = schema.get(fold(name));
    if (definition === undefined) {
      throw new RpcError(Status.ERROR_INVALID_PARAMETER, { detail: `no common property ${name}` });
    }
    return definition;
  });
}
