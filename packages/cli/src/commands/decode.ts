/** `msrpc decode`: shows what the bytes of a request or an answer mean, without generated code. */
import { Argument, Command } from "commander";
import { decodeStub, type DecodedNode, type Direction } from "@msrpc/wire";
import { findOperation, idlFiles, openPlans } from "../find.ts";
import { withFrontOptions, type FrontOptions } from "../front.ts";
import { parseHex } from "../hex.ts";
import type { Io } from "../io.ts";
import { UsageError } from "../usage-error.ts";

interface DecodeOptions extends FrontOptions {
  readonly op: string;
  readonly idl?: string;
  readonly ndr64?: boolean;
  readonly bigEndian?: boolean;
}

export function decodeCommand(io: Io, finish: (code: number) => void): Command {
  const command = new Command("decode")
    .description("show what the bytes of an operation's request (in) or answer (out) mean")
    .addArgument(new Argument("<direction>", "request or answer").choices(["in", "out"]))
    .argument("<hexfile>", "the stub data as hex text")
    .requiredOption("--op <name>", "the operation, or interface.operation")
    .option("--idl <file>", "the IDL file (default: those of msrpc.json)")
    .option("--ndr64", "the bytes are NDR64")
    .option("--big-endian", "the bytes are big-endian")
    .addHelpText(
      "after",
      "\nExamples:\n" +
        "  $ msrpc decode --op ApiOpenGroup in request.hex --idl idl/ms-cmrp/clusapi3.idl\n" +
        "  $ msrpc decode --op ApiCreateEnum out answer.hex --ndr64\n",
    )
    .action((direction: Direction, file: string, options: DecodeOptions) =>
      finish(decode(io, direction, file, options)),
    );
  return withFrontOptions(command);
}

function decode(io: Io, direction: Direction, hexFile: string, options: DecodeOptions): number {
  const text = io.read(hexFile);
  if (text === null) throw new UsageError(`there is no file ${hexFile}`);
  const bytes = parseHex(text, hexFile);
  const plans = openPlans(
    io,
    idlFiles(io, options.idl === undefined ? [] : [options.idl]),
    options,
  );
  if (plans === null) return 1;
  const { plan, operation } = findOperation(plans, options.op);
  const { tree, fault, trailing } = decodeStub(plan, operation, direction, bytes, {
    syntax: options.ndr64 === true ? "ndr64" : "ndr",
    bigEndian: options.bigEndian === true,
  });
  io.out(`${operation.name}, opnum ${operation.opnum}, ${direction}: ${bytes.length} bytes\n`);
  for (const node of tree.children) printNode(io, node, 0);
  if (fault !== null) io.err(`error: ${operation.name}: ${fault.message}\n`);
  else if (trailing > 0)
    io.err(
      `error: ${trailing} ${trailing === 1 ? "byte is" : "bytes are"} left over at offset ${tree.end}\n`,
    );
  return fault === null && trailing === 0 ? 0 : 1;
}

function printNode(io: Io, node: DecodedNode, depth: number): void {
  const offset = node.offset.toString(16).padStart(6, "0");
  const name = node.path === "" ? "value" : node.path;
  io.out(`${offset}  ${"  ".repeat(depth)}${name}${node.text === "" ? "" : ` = ${node.text}`}\n`);
  for (const child of node.children) printNode(io, child, depth + 1);
}
