/**
 * The properties of a subject in one scope ([MS-CMRP] 3.1.1.9): those of its schema, with the values that the registry
 * has for them, and in the private scope all else that clients have put beside them.
 */
import { Format, type Property, type PropertyValue } from "@msrpc/cluster-data";
import type { ClusterState } from "../model/state.ts";
import { findKey, fold, type RegistryKey, valueOf } from "../registry/key.ts";
import { commonSchemas } from "./common-schemas.ts";
import { computedOf } from "./computed.ts";
import { resourceSchema } from "./private-schemas.ts";
import { noSchema, type PropertyDefinition, type Schema } from "./schema.ts";
import { propertyValue, propertyValueAs } from "./stored-value.ts";
import { pathOfSubject, type Subject } from "./subject.ts";

export type ScopeName = "common" | "private";

export interface Scope {
  readonly name: ScopeName;
  readonly schema: Schema;
  /** Path of the key that has the values, and the key where there is one. */
  readonly path: string;
  readonly key: RegistryKey | null;
  /** Values that count where the key has none: those that a resource's type has for its resources. */
  readonly inherited: RegistryKey | null;
  /** By the names of the schema. */
  readonly computed: Readonly<Record<string, PropertyValue>>;
  /** Whether it keeps properties that no schema has; but for those that a higher scope has taken. */
  readonly isOpen: boolean;
  readonly taken: Schema;
}

const parameters = "Parameters";

/** The private properties that resources of a type have. */
export function privateSchema({ schemas }: ClusterState, type: string): Schema {
  return schemas.get(fold(type)) ?? resourceSchema(type);
}

export function scopeOf(state: ClusterState, subject: Subject, name: ScopeName): Scope {
  const base = pathOfSubject(subject);
  const common = commonSchemas[subject.kind];
  if (name === "common") {
    return {
      name,
      schema: common,
      path: base,
      key: findKey(state.registry, base),
      inherited: null,
      computed: computedOf(state, subject),
      isOpen: false,
      taken: noSchema,
    };
  }
  const path = `${base}\\${parameters}`;
  const type = subject.kind === "resource" ? state.resourceTypes.find(subject.object.type) : null;
  return {
    name,
    schema: subject.kind === "resource" ? privateSchema(state, subject.object.type) : noSchema,
    path,
    key: findKey(state.registry, path),
    inherited:
      type == null
        ? null
        : findKey(
            state.registry,
            `${pathOfSubject({ kind: "resourceType", object: type })}\\${parameters}`,
          ),
    computed: {},
    isOpen: true,
    taken: common,
  };
}

/** What a property of the schema is now. */
export function currentValue(scope: Scope, { name, otherwise }: PropertyDefinition): PropertyValue {
  const computed = scope.computed[name];
  if (computed !== undefined) return computed;
  for (const key of [scope.key, scope.inherited]) {
    const stored = key === null ? undefined : valueOf(key, name);
    const value = stored === undefined ? null : propertyValueAs(otherwise.format, stored);
    if (value !== null) return value;
  }
  return otherwise;
}

/** The properties that clients can't set. */
export function readOnlyProperties(scope: Scope): Property[] {
  const definitions = [...scope.schema.values()].filter(({ isReadOnly }) => isReadOnly === true);
  return definitions.map((one) => ({ name: one.name, value: currentValue(scope, one) }));
}

/** The properties that clients can set, the unknown ones last. */
export function writableProperties(scope: Scope): Property[] {
  const known = writable(scope.schema).map((one) => ({
    name: one.name,
    value: currentValue(scope, one),
  }));
  return [...known, ...unknownProperties(scope)];
}

function unknownProperties({ isOpen, key, schema }: Scope): Property[] {
  if (!isOpen || key === null) return [];
  const unknown = [...key.values.values()].filter(({ name }) => !schema.has(fold(name)));
  return unknown.map((stored) => ({ name: stored.name, value: propertyValue(stored) }));
}

function writable(schema: Schema): PropertyDefinition[] {
  return [...schema.values()].filter(({ isReadOnly }) => isReadOnly !== true);
}

/** What clients are told of the formats of properties: each as a WORD by its name. */
export function formatsIn(properties: readonly Property[]): Property[] {
  return properties.flatMap(({ name, value }) =>
    value === null ? [] : { name, value: { format: Format.Word, number: value.format } },
  );
}

/** The properties of a schema that clients can set, as they are while nobody has. */
export function initialProperties(schema: Schema): Property[] {
  return writable(schema).map(({ name, otherwise }) => ({ name, value: otherwise }));
}
