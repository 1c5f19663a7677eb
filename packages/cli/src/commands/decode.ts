/** `msrpc decode`: shows what octets mean, of a capture or of one stub, without generated code. */
import { Command, Option } from "commander";
import { decodeStub, type Direction } from "@msrpc/wire";
import { decodeEvents } from "../capture/decoded.ts";
import { type CaptureOptions, openCapture } from "../capture/open.ts";
import { printEvent, printNode } from "../capture/print.ts";
import { type SessionCall, sessionCalls } from "../capture/sessions.ts";
import { withWatchOptions } from "../capture/watch.ts";
import { findOperation, idlFiles, openPlans } from "../find.ts";
import { collect, withFrontOptions } from "../front.ts";
import { parseHex } from "../hex.ts";
import type { Io } from "../io.ts";
import { UsageError } from "../usage-error.ts";

interface DecodeOptions extends CaptureOptions {
  readonly op?: string;
  readonly ndr64?: boolean;
  readonly bigEndian?: boolean;
  readonly format: "text" | "json";
  readonly hex?: boolean;
}

export function decodeCommand(io: Io, finish: (code: number) => void): Command {
  const command = new Command("decode")
    .description("show what a capture's calls, or the bytes of one request or answer, mean")
    .argument("<capture>", "a pcap or pcapng file; or in (request) or out (answer) with a hexfile")
    .argument("[hexfile]", "the stub data of one message as hex text")
    .option("--op <name>", "of a hexfile: the operation, or interface.operation")
    .option("--idl <file>", "an IDL file, once or more (default: those of msrpc.json)", collect)
    .option("--ndr64", "of a hexfile: the bytes are NDR64")
    .option("--big-endian", "of a hexfile: the bytes are big-endian")
    .addOption(
      new Option("--format <format>", "of a capture: how calls are printed")
        .choices(["text", "json"])
        .default("text"),
    )
    .option("--hex", "of a capture: the bytes of every message as well")
    .addHelpText(
      "after",
      "\nA capture is followed through binds, contexts and fragments. What NTLM sealed is opened by the user's password, from" +
        "\nMSRPC_PASSWORD or asked for, or NT hash." +
        "\n\nExamples:\n" +
        "  $ msrpc decode session.pcapng --idl idl/ms-cmrp/clusapi3.idl\n" +
        "  $ msrpc decode session.pcapng --user 'EXAMPLE\\alice' --format json\n" +
        "  $ msrpc decode in request.hex --op ApiOpenGroup --idl idl/ms-cmrp/clusapi3.idl\n" +
        "  $ msrpc decode out answer.hex --op ApiCreateEnum --ndr64\n" +
        "\nExit codes: 0 all of it could be read, 1 something is damaged, 2 the command was used wrongly.\n",
    )
    .action(async (what: string, file: string | undefined, options: DecodeOptions) => {
      if (file === undefined) return finish(await decodeCapture(io, what, options));
      if (what !== "in" && what !== "out") {
        throw new UsageError(`a hexfile is decoded as in or out, and not as ${what}`);
      }
      finish(decodeHex(io, what, file, options));
    });
  return withWatchOptions(withFrontOptions(command));
}

async function decodeCapture(io: Io, file: string, options: DecodeOptions): Promise<number> {
  const { op } = options;
  if (op !== undefined) throw new UsageError("--op goes with in or out, and a hexfile");
  const open = await openCapture(io, file, options);
  if (open === null) return 1;
  const { interfaces, events } = open;
  let sealed = 0;
  let isDamaged = false;
  const counted = function* (): ReturnType<typeof decodeEvents> {
    for (const event of decodeEvents(events, interfaces)) {
      if (event.type === "message" && event.message.problem?.startsWith("it is sealed")) sealed++;
      if (event.type === "problem") isDamaged = true;
      yield event;
    }
  };
  if (options.format === "json") {
    let separator = "[\n";
    for (const call of sessionCalls(counted(), interfaces)) {
      io.out(`${separator}${textOf(call)}`);
      separator = ",\n";
      if (call.problems?.some((problem) => !problem.includes("it is sealed"))) isDamaged = true;
    }
    io.out(separator === "[\n" ? "[]\n" : "\n]\n");
  } else {
    for (const event of counted()) {
      if (printEvent(io, event, interfaces, { hex: options.hex === true })) isDamaged = true;
    }
  }
  if (sealed > 0) {
    const messages = sealed === 1 ? "1 message is" : `${sealed} messages are`;
    io.err(`note: ${messages} sealed: --user or --users opens what NTLM sealed\n`);
  }
  return isDamaged ? 1 : 0;
}

/** As JSON; of what would be larger than a text can be, that it is. */
function textOf(call: SessionCall): string {
  try {
    return JSON.stringify(call, null, 2);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const { operation, problems = [] } = call;
    return JSON.stringify({ operation, problems: [...problems, "it is too large for JSON"] });
  }
}

function decodeHex(io: Io, direction: Direction, hexFile: string, options: DecodeOptions): number {
  if (options.op === undefined) throw new UsageError("name the operation of the hexfile with --op");
  const text = io.read(hexFile);
  if (text === null) throw new UsageError(`there is no file ${hexFile}`);
  const bytes = parseHex(text, hexFile);
  const plans = openPlans(io, idlFiles(io, options.idl ?? []), options);
  if (plans === null) return 1;
  const found = findOperation(plans, options.op);
  const { plan, operation } = found;
  const { tree, fault, trailing } = decodeStub(plan, operation, direction, bytes, {
    syntax: options.ndr64 === true ? "ndr64" : "ndr",
    bigEndian: options.bigEndian === true,
  });
  io.out(`${operation.name}, opnum ${operation.opnum}, ${direction}: ${bytes.length} bytes\n`);
  for (const node of tree.children) printNode(io, node, 0, found);
  if (fault !== null) io.err(`error: ${operation.name}: ${fault.message}\n`);
  else if (trailing > 0)
    io.err(
      `error: ${trailing} ${trailing === 1 ? "byte is" : "bytes are"} left over at offset ${tree.end}\n`,
    );
  return fault === null && trailing === 0 ? 0 : 1;
}
