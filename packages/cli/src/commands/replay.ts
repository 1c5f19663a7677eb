/** `msrpc replay`: a recorded session as a server. */
import { Command } from "commander";
import { decodeEvents } from "../capture/decoded.ts";
import { type CaptureOptions, openCapture } from "../capture/open.ts";
import { sessionCalls } from "../capture/sessions.ts";
import { withWatchOptions } from "../capture/watch.ts";
import { collect, withFrontOptions } from "../front.ts";
import type { Io } from "../io.ts";
import { Script } from "../mock/script.ts";
import { serveMock } from "../mock/serve.ts";
import { UsageError } from "../usage-error.ts";

interface ReplayOptions extends CaptureOptions {
  readonly listen: string;
}

export function replayCommand(io: Io, finish: (code: number) => void): Command {
  const command = new Command("replay")
    .description("serve what a recorded session's server answered")
    .argument("<capture>", "a pcap or pcapng file, as of msrpc record")
    .option("--idl <file>", "an IDL file, once or more (default: those of msrpc.json)", collect)
    .requiredOption("--listen <binding>", "where: ncacn_ip_tcp:127.0.0.1[0] for any free port")
    .addHelpText(
      "after",
      "\nA request is answered as one that said the same was; several, in their order, and the last one from then on. What" +
        "\nwas never asked is answered with a fault. With --users, clients log on to those accounts by NTLM." +
        "\n\nExample:\n" +
        "  $ msrpc replay session.pcapng --idl rpcecho.idl --listen 'ncacn_ip_tcp:127.0.0.1[49152]'\n",
    )
    .action(async (file: string, options: ReplayOptions) =>
      finish(await replay(io, file, options)),
    );
  return withWatchOptions(withFrontOptions(command));
}

async function replay(io: Io, file: string, options: ReplayOptions): Promise<number> {
  const open = await openCapture(io, file, options);
  if (open === null) return 1;
  const { plans, interfaces, events } = open;
  const calls = [...sessionCalls(decodeEvents(events, interfaces), interfaces)];
  const usable = calls.filter(
    ({ response, fault, problems = [] }) =>
      problems.length === 0 && (response !== undefined || fault !== undefined),
  );
  if (usable.length < calls.length) {
    io.err(`note: ${calls.length - usable.length} of ${calls.length} calls can't be replayed\n`);
    const problems = new Set(calls.flatMap((call) => call.problems ?? []));
    for (const problem of [...problems].slice(0, 5)) io.err(`  ${problem}\n`);
  }
  if (usable.length === 0) throw new UsageError(`${file} has no call that can be replayed`);
  const { listen, users } = options;
  await serveMock(io, plans, {
    listen,
    seed: 1,
    script: new Script(usable, file),
    isStrict: true,
    ...(users !== undefined && { users }),
  });
  return 0;
}
