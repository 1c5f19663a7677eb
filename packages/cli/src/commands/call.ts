/** `msrpc call`: calls a live server straight from IDL. */
import { Command } from "commander";
import {
  InterpretError,
  type Json,
  JsonValueError,
  statusName,
  stubFromJson,
  stubToJson,
  type StructValue,
} from "@msrpc/wire";
import { findOperation, type FoundOperation, idlFiles, openPlans } from "../find.ts";
import { collect, withFrontOptions, type FrontOptions } from "../front.ts";
import type { Io } from "../io.ts";
import { type Answered, Session } from "../live/call-once.ts";
import { failureOf } from "../live/failure.ts";
import { connect, type ServerOptions, withServerOptions } from "../live/server-options.ts";
import { UsageError } from "../usage-error.ts";

interface CallOptions extends FrontOptions, ServerOptions {
  readonly idl?: readonly string[];
}

export function callCommand(io: Io, finish: (code: number) => void): Command {
  const command = new Command("call")
    .description("call a live server straight from IDL, and print its answer as JSON")
    .argument("<binding>", "the server: ncacn_ip_tcp:host, ncacn_ip_tcp:host[port]")
    .argument(
      "<calls...>",
      "an operation, or interface.operation, and its request as JSON or @FILE",
    )
    .option("--idl <file>", "an IDL file, once or more (default: those of msrpc.json)", collect)
    .addHelpText(
      "after",
      "\nA request may leave out pointers that are null, and counts and discriminants that follow from an array, a" +
        "\nstring or a union beside them. Bytes are hexadecimal digits; enumerations and statuses go by name. Several" +
        "\ncalls share one connection: a context handle is given as OPERATION.MEMBER of an answer before it." +
        "\n\nExamples:\n" +
        "  $ msrpc call 'ncacn_ip_tcp:127.0.0.1[49152]' AddOne '{\"number\": 41}' --idl rpcecho.idl\n" +
        "  $ msrpc call ncacn_ip_tcp:node1 ApiOpenCluster '{}' \\\n" +
        '      ApiCloseCluster \'{"Cluster": "ApiOpenCluster.return"}\' \\\n' +
        "      --idl clusapi3.idl --user 'EXAMPLE\\alice'\n" +
        "\nExit codes: 0 answered, 1 a fault, an error status or no answer, 2 the command was used wrongly.\n",
    )
    .action(async (binding: string, words: string[], options: CallOptions) => {
      finish(await callAll(io, binding, words, options));
    });
  return withServerOptions(withFrontOptions(command));
}

/** An operation with its request as it was written. */
interface Wanted {
  readonly found: FoundOperation;
  readonly json: Json;
}

async function callAll(
  io: Io,
  binding: string,
  words: readonly string[],
  options: CallOptions,
): Promise<number> {
  const plans = openPlans(io, idlFiles(io, options.idl ?? []), options);
  if (plans === null) return 1;
  const wanted = wordPairs(words).map(([name, text]): Wanted => ({
    found: findOperation(plans, name),
    json: requestIn(io, name, text),
  }));
  // What a request lacks is to be known before a password is asked for, and anything is called.
  wanted.forEach((each, at) => {
    const before = wanted.slice(0, at).map(({ found }) => `"${found.operation.name}.`);
    const text = JSON.stringify(each.json);
    if (!before.some((name) => text.includes(name))) requestOf(each, new Map());
  });
  await using transport = await connect(io, binding, options);
  await using session = new Session(transport, (options.timeout ?? 30) * 1000);
  const answers = new Map<string, Json>();
  for (const each of wanted) {
    const { name } = each.found.operation;
    const request = requestOf(each, answers);
    let answered: Answered;
    try {
      answered = await session.call(each.found, request);
    } catch (error) {
      if (error instanceof InterpretError) throw new UsageError(`${name}: ${error.message}`);
      const failure = failureOf(error);
      if (failure === null) throw error;
      io.err(`error: ${name}: ${failure}\n`);
      return 1;
    }
    if (!report(io, each.found, answered, answers)) return 1;
  }
  return 0;
}

/** Prints an answer and keeps it; whether it is one, without an error in it. */
function report(
  io: Io,
  { plan, operation, statuses }: FoundOperation,
  { response, fault, trailing }: Answered,
  answers: Map<string, Json>,
): boolean {
  const json = stubToJson(plan, operation, "out", response, statuses);
  answers.set(operation.name, json);
  io.out(`${JSON.stringify(json, null, 2)}\n`);
  const { name } = operation;
  if (fault !== null) {
    io.err(`error: the answer to ${name} can't be read on: ${fault.message}\n`);
    return false;
  }
  if (trailing > 0)
    io.err(`warning: ${trailing} octets are left over behind the answer to ${name}\n`);
  const wrong = statuses.members.find((member) => {
    const status = response[member];
    return typeof status === "number" && !statuses.accepts.includes(status);
  });
  if (wrong === undefined) return true;
  const status = response[wrong] as number;
  const named = statusName(statuses, status);
  const hex = `0x${(status >>> 0).toString(16).padStart(8, "0")}`;
  const shown = named === undefined ? `${status} (${hex})` : `${named} (${status})`;
  io.err(`error: ${name}: ${wrong === "return" ? "the result" : wrong} is ${shown}\n`);
  return false;
}

/** The words in pairs; an operation without a request has an empty one. */
function wordPairs(words: readonly string[]): [name: string, text: string][] {
  const pairs: [string, string][] = [];
  for (let at = 0; at < words.length; at++) {
    const [word = "", next = ""] = words.slice(at, at + 2);
    if (/^\s*[{@]/.test(word)) throw new UsageError(`an operation stands in front of ${word}`);
    const hasRequest = /^\s*[{@]/.test(next);
    pairs.push([word, hasRequest ? next : "{}"]);
    if (hasRequest) at++;
  }
  return pairs;
}

function requestIn(io: Io, name: string, word: string): Json {
  const isFile = word.trimStart().startsWith("@");
  const text = isFile ? io.read(word.trim().slice(1)) : word;
  if (text === null) throw new UsageError(`there is no file ${word.trim().slice(1)}`);
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    const why = error instanceof Error ? error.message : "";
    throw new UsageError(`the request of ${name} is not JSON: ${why}`);
  }
}

function requestOf(
  { found: { plan, operation, statuses }, json }: Wanted,
  answers: ReadonlyMap<string, Json>,
): StructValue {
  try {
    return stubFromJson(plan, operation, "in", withAnswers(json, answers), statuses);
  } catch (error) {
    if (!(error instanceof JsonValueError)) throw error;
    throw new UsageError(`the request of ${operation.name}: ${error.message}`);
  }
}

/** The request with what earlier calls answered in the place of `OPERATION.MEMBER`. */
function withAnswers(json: Json, answers: ReadonlyMap<string, Json>): Json {
  if (typeof json === "string") {
    const dot = json.lastIndexOf(".");
    const answer = answers.get(json.slice(0, Math.max(dot, 0)));
    const member = json.slice(dot + 1);
    const isThere = typeof answer === "object" && answer !== null && Object.hasOwn(answer, member);
    return isThere ? ((answer as { readonly [name: string]: Json })[member] ?? null) : json;
  }
  if (typeof json !== "object" || json === null) return json;
  if (Array.isArray(json)) return json.map((each: Json) => withAnswers(each, answers));
  return Object.fromEntries(
    Object.entries(json).map(([name, part]) => [name, withAnswers(part, answers)]),
  );
}
