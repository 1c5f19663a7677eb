/** Shapes of JSON files: one table that the checker follows and that is written out as a JSON Schema. */

export type Shape =
  | { readonly is: "text"; readonly doc: string; readonly pattern?: string }
  | { readonly is: "flag"; readonly doc: string }
  | { readonly is: "integer"; readonly doc: string }
  | {
      readonly is: "literal";
      readonly doc: string;
      readonly values: readonly (string | number | boolean)[];
    }
  | { readonly is: "list"; readonly doc: string; readonly of: Shape }
  | { readonly is: "map"; readonly doc: string; readonly of: Shape }
  | { readonly is: "either"; readonly doc: string; readonly of: readonly Shape[] }
  | {
      readonly is: "object";
      readonly doc: string;
      readonly keys: Keys;
      readonly required: readonly string[];
    };

export type Keys = Readonly<Record<string, Shape>>;

export function text(doc: string, pattern?: string): Shape {
  return pattern === undefined ? { is: "text", doc } : { is: "text", doc, pattern };
}

export function flag(doc: string): Shape {
  return { is: "flag", doc };
}

export function integer(doc: string): Shape {
  return { is: "integer", doc };
}

export function literal(doc: string, ...values: (string | number | boolean)[]): Shape {
  return { is: "literal", doc, values };
}

export function list(doc: string, of: Shape): Shape {
  return { is: "list", doc, of };
}

export function map(doc: string, of: Shape): Shape {
  return { is: "map", doc, of };
}

export function either(doc: string, ...of: Shape[]): Shape {
  return { is: "either", doc, of };
}

export function object(doc: string, keys: Keys, required: readonly string[] = []): Shape {
  return { is: "object", doc, keys, required };
}

/** The shape as a JSON Schema (draft 2020-12). */
export function toJsonSchema(shape: Shape): Record<string, unknown> {
  const description = shape.doc === "" ? {} : { description: shape.doc };
  switch (shape.is) {
    case "text":
      return {
        ...description,
        type: "string",
        ...(shape.pattern === undefined ? {} : { pattern: shape.pattern }),
      };
    case "flag":
      return { ...description, type: "boolean" };
    case "integer":
      return { ...description, type: "integer" };
    case "literal":
      return { ...description, enum: [...shape.values] };
    case "list":
      return { ...description, type: "array", items: toJsonSchema(shape.of) };
    case "map":
      return { ...description, type: "object", additionalProperties: toJsonSchema(shape.of) };
    case "either":
      return { ...description, anyOf: shape.of.map(toJsonSchema) };
    case "object": {
      const properties = Object.fromEntries(
        Object.entries(shape.keys).map(([key, of]) => [key, toJsonSchema(of)]),
      );
      const required = shape.required.length === 0 ? {} : { required: [...shape.required] };
      return {
        ...description,
        type: "object",
        properties,
        ...required,
        additionalProperties: false,
      };
    }
  }
}
