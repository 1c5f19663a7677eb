/** The codes that every kind of object has for its properties ([MS-CMRP] 3.1.4.3.1.9 to 3.1.4.3.1.20 and their like). */
import { type Property, writePropertyList } from "@msrpc/cluster-data";
import { setProperties } from "../../core/properties.ts";
import { checkProperties, givenProperties } from "../../property/check.ts";
import { expanded } from "../../property/expand.ts";
import {
  formatsIn,
  readOnlyProperties,
  type Scope,
  type ScopeName,
  scopeOf,
  writableProperties,
} from "../../property/scope.ts";
import type { SubjectKind } from "../../property/subject.ts";
import type { Answerer, Answers, Asked } from "../answer.ts";
import { texts } from "../octets.ts";

/** The answers of the codes whose names begin with that. */
export function propertyAnswers<K extends SubjectKind>(prefix: string): Answers<K> {
  return { ...answersIn<K>(prefix, "common"), ...answersIn<K>(prefix, "private") };
}

/** The answers of the codes that give the properties themselves. */
export function propertyLists<K extends SubjectKind>(prefix: string, name: ScopeName): Answers<K> {
  const scoped = name.toUpperCase();
  const list =
    (properties: (scope: Scope) => readonly Property[]): Answerer<K> =>
    ({ tx, subject, machine }) => {
      const scope = scopeOf(tx.state, subject, name);
      return writePropertyList(expanded(properties(scope), machine.environment));
    };
  return {
    [`${prefix}_GET_RO_${scoped}_PROPERTIES`]: list(readOnlyProperties),
    [`${prefix}_GET_${scoped}_PROPERTIES`]: list(writableProperties),
  };
}

function answersIn<K extends SubjectKind>(prefix: string, name: ScopeName): Answers<K> {
  const scoped = name.toUpperCase();
  const of = ({ tx, subject }: Asked<K>): Scope => scopeOf(tx.state, subject, name);
  return {
    ...propertyLists<K>(prefix, name),
    [`${prefix}_ENUM_${scoped}_PROPERTIES`]: (asked) =>
      texts(writableProperties(of(asked)).map((property) => property.name)),
    [`${prefix}_SET_${scoped}_PROPERTIES`]: ({ tx, subject, input }) =>
      setProperties(tx, subject, name, givenProperties(input)) ? "stored" : null,
    [`${prefix}_VALIDATE_${scoped}_PROPERTIES`](asked) {
      checkProperties(of(asked), givenProperties(asked.input));
      return null;
    },
    [`${prefix}_GET_${scoped}_PROPERTY_FMTS`]: (asked) =>
      writePropertyList(formatsIn(writableProperties(of(asked)))),
  };
}

/** The document has these in four octets, without the ones that Windows has after a list. */
export function noProperties(): Uint8Array {
  return new Uint8Array(4);
}
