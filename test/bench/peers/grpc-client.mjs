// A client of @grpc/grpc-js as a load.
import { credentials, makeClientConstructor } from "@grpc/grpc-js";
import { keepCalling, loadArguments } from "../rpc/keep-calling.ts";
import { echo } from "./grpc-echo.mjs";

const Echo = makeClientConstructor(echo, "Echo");
const load = loadArguments(process.argv.slice(2));

await keepCalling(load, () => {
  // Without this, clients of one address share a connection.
  const options = { "grpc.use_local_subchannel_pool": 1 };
  const client = new Echo(`${load.address}:${load.port}`, credentials.createInsecure(), options);
  return (octets) =>
    new Promise((resolve, reject) => {
      client.echoData({ octets }, (error, answer) => {
        if (error === null) resolve(answer.octets.length);
        else reject(error);
      });
    });
});
process.exit(0);
