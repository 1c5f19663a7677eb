/** The codes that every kind of object has to say what it is. */
import type { ByKind } from "../../model/by-kind.ts";
import { ClusFlag } from "../traits.ts";
import type { Answers } from "../answer.ts";
import { dwords, text } from "../octets.ts";

/** The answers of the codes whose names begin with that, of objects without characteristics and flags. */
export function identityAnswers<K extends keyof ByKind>(prefix: string): Answers<K> {
  return {
    [`${prefix}_UNKNOWN`]: () => null,
    [`${prefix}_GET_CHARACTERISTICS`]: () => dwords(0),
    [`${prefix}_GET_FLAGS`]: () => dwords(ClusFlag.None),
    [`${prefix}_GET_NAME`]: ({ object }) => text(object.name),
    [`${prefix}_GET_ID`]: ({ object }) => text(object.id),
  };
}
