// Codecs of bench.proto by @bufbuild/protobuf and protobufjs. Both make theirs at run time; the static
// code of their generators does the same work.
import { readFileSync } from "node:fs";
import { create, createFileRegistry, fromBinary, toBinary } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import protobuf from "protobufjs";

const source = readFileSync(new URL("bench.proto", import.meta.url), "utf8");
const { root } = protobuf.parse(source, { keepCase: true });

const scalars = { uint32: 13, string: 9 };

// Labels and types are those of descriptor.proto.
function fieldOf(field) {
  const number = scalars[field.type] ?? 11;
  return {
    name: field.name,
    jsonName: field.name,
    number: field.id,
    label: field.repeated ? 3 : 1,
    type: number,
    ...(number === 11 && { typeName: `.bench.${field.type}` }),
  };
}

const file = create(FileDescriptorProtoSchema, {
  name: "bench.proto",
  package: "bench",
  syntax: "proto3",
  messageType: root.lookup("bench").nestedArray.map((type) => ({
    name: type.name,
    field: type.fieldsArray.map(fieldOf),
  })),
});
const registry = createFileRegistry(file, () => undefined);

/**
 * Contenders for a message: `{ name, encode, decode }`. Messages of @bufbuild/protobuf are made first, once or, for who
 * has plain values as the other codecs take them, each time.
 */
export function protobufCodecs(typeName, value) {
  const schema = registry.getMessage(`bench.${typeName}`);
  const es = create(schema, value);
  const js = root.lookupType(`bench.${typeName}`);
  return [
    {
      name: "@bufbuild/protobuf",
      encode: () => toBinary(schema, es),
      decode: (bytes) => fromBinary(schema, bytes),
    },
    {
      name: "@bufbuild/protobuf, from plain values",
      encode: () => toBinary(schema, create(schema, value)),
    },
    {
      name: "protobufjs",
      encode: () => js.encode(value).finish(),
      decode: (bytes) => js.decode(bytes),
    },
  ];
}
