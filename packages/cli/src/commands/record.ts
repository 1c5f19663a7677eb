/** `msrpc record`: a session with a server as a file. */
import { Command } from "commander";
import { writeSession } from "@msrpc/rpc/capture";
import type { Io } from "../io.ts";
import { startProxy } from "../live/proxy.ts";

interface RecordOptions {
  readonly listen: string;
  readonly to: string;
}

export function recordCommand(io: Io, finish: (code: number) => void): Command {
  return new Command("record")
    .description("stand between clients and a server, and write what goes over as pcapng")
    .argument("<file>", "the capture to write, which only you may read")
    .requiredOption(
      "--listen <binding>",
      "where clients come: ncacn_ip_tcp:127.0.0.1[0] for any free port",
    )
    .requiredOption("--to <binding>", "the server: ncacn_ip_tcp:host[port]")
    .addHelpText(
      "after",
      "\nOctets go over as they are, so logons work and what is sealed stays sealed: decode and replay open it with the user's" +
        "\npassword. Interrupt to end." +
        "\n\nExamples:\n" +
        "  $ msrpc record session.pcapng --listen 'ncacn_ip_tcp:127.0.0.1[49160]' --to 'ncacn_ip_tcp:server[49152]'\n" +
        "  $ msrpc decode session.pcapng --idl rpcecho.idl\n",
    )
    .action(async (file: string, options: RecordOptions) => {
      await record(io, file, options);
      finish(0);
    });
}

async function record(io: Io, file: string, { listen, to }: RecordOptions): Promise<void> {
  await using writer = writeSession(io.writeStream(file));
  await using proxy = await startProxy({
    listen,
    to,
    writer,
    onError: (error) => io.err(`error: ${error.message}\n`),
  });
  io.out(`Listening at ${proxy.binding}\n`);
  await io.interrupted();
  const { connections } = proxy;
  io.out(`${connections} ${connections === 1 ? "connection" : "connections"} in ${file}\n`);
}
