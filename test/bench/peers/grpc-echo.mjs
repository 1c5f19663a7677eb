// The service of echo.proto for @grpc/grpc-js, with protobufjs for its messages.
import { readFileSync } from "node:fs";
import protobuf from "protobufjs";

const { root } = protobuf.parse(readFileSync(new URL("echo.proto", import.meta.url), "utf8"));
const data = root.lookupType("bench.Data");
const serialize = (value) => data.encode(value).finish();
const deserialize = (bytes) => data.decode(bytes);

export const echo = {
  echoData: {
    path: "/bench.Echo/EchoData",
    requestStream: false,
    responseStream: false,
    requestSerialize: serialize,
    requestDeserialize: deserialize,
    responseSerialize: serialize,
    responseDeserialize: deserialize,
  },
};
