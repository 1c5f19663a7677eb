// An echo server of @grpc/grpc-js.
import { Server, ServerCredentials } from "@grpc/grpc-js";
import { announce } from "../rpc/announce.ts";
import { echo } from "./grpc-echo.mjs";

const server = new Server();
server.addService(echo, {
  echoData: ({ request }, answer) => answer(null, { octets: request.octets }),
});
server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
  if (error !== null) throw error;
  announce(port);
});
