/** The codes by which resources and their types say what they are like: the same for both. */
import { Syntax, writeValueList } from "@msrpc/cluster-data";
import type { Answers } from "../answer.ts";
import { dwords, text } from "../octets.ts";
import { characteristicsOf, isStorage, traitsOf } from "../traits.ts";

/** The answers of the codes whose names begin with that. */
export function traitAnswers<K extends "resource" | "resourceType">(
  prefix: string,
  typeOf: (object: Parameters<Answers<K>[string]>[0]["object"]) => string,
): Answers<K> {
  return {
    [`${prefix}_GET_CHARACTERISTICS`]({ tx, object }) {
      const type = tx.state.resourceTypes.find(typeOf(object));
      return dwords(type === undefined ? 0 : characteristicsOf(type));
    },
    [`${prefix}_GET_CLASS_INFO`]({ object, version }) {
      const type = typeOf(object);
      // Version 2.0 tells of the class of storage alone.
      if (version < 3 && !isStorage(type)) return dwords(0, 0);
      const { class: number, subclass } = traitsOf(type).class;
      return dwords(number, subclass);
    },
    [`${prefix}_GET_REQUIRED_DEPENDENCIES`]: ({ object }) =>
      writeValueList(
        traitsOf(typeOf(object)).requires.map((one) =>
          typeof one === "string"
            ? { syntax: Syntax.Name, data: text(one) }
            : { syntax: Syntax.ResourceClass, data: dwords(one.class, one.subclass) },
        ),
      ),
  };
}
