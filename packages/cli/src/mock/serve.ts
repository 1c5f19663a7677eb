/** A server of interfaces by their plans, until somebody interrupts it. */
import { accountFile, ntlmServer, spnegoServer } from "@msrpc/auth";
import { BindingError, createRouter, RpcFault } from "@msrpc/rpc";
import { tcpServer } from "@msrpc/rpc/tcp";
import { seededChoices, stubToJson } from "@msrpc/wire";
import { Interfaces } from "../capture/interfaces.ts";
import type { Found } from "../find.ts";
import type { Io } from "../io.ts";
import { serveInterpreted } from "../live/interpreted.ts";
import { UsageError } from "../usage-error.ts";
import { answerTo } from "./answer.ts";
import type { Script } from "./script.ts";

export interface MockOptions {
  readonly listen: string;
  readonly seed: number;
  readonly script: Script | null;
  /** Answers with a fault what the script has no answer for. */
  readonly isStrict: boolean;
  /** An account file, for clients that log on by NTLM. */
  readonly users?: string;
}

/** A line of a call is no longer than this, as an answer may be of megabytes. */
const longestLine = 400;

/** Serves the interfaces of IDL files, and tells of every call. Others of the process can go on meanwhile. */
export async function serveMock(
  io: Io,
  plans: readonly Found[],
  { listen, seed, script, isStrict, users }: MockOptions,
): Promise<void> {
  if (users !== undefined && !io.isFile(users)) throw new UsageError(`there is no file ${users}`);
  const router = createRouter({
    onError: (error, { operation, phase }) => {
      const message = error instanceof Error ? error.message : String(error);
      io.err(`error: ${operation}: ${phase}: ${message}\n`);
    },
  });
  const choices = seededChoices(seed);
  const served = [...new Interfaces(plans)].filter(({ interface: { form } }) => form === "rpc");
  if (served.length === 0) throw new UsageError("the IDL files have no interface to serve");
  for (const each of served) {
    serveInterpreted(router, each, (found, request) => {
      const { plan, interface: on, operation, statuses } = found;
      const name = `${on.name}.${operation.name}`;
      const asked = JSON.stringify(stubToJson(plan, operation, "in", request, statuses));
      try {
        const response = answerTo(found, request, choices, { script, isStrict });
        const told = JSON.stringify(stubToJson(plan, operation, "out", response, statuses));
        io.out(`${name} ${short(asked)} -> ${short(told)}\n`);
        return response;
      } catch (error) {
        const what = error instanceof RpcFault ? `fault ${error.statusName}` : "an error";
        io.out(`${name} ${short(asked)} -> ${what}\n`);
        throw error;
      }
    });
  }
  const ntlm = users === undefined ? null : ntlmServer({ accounts: accountFile(users) });
  await using server = tcpServer(router, {
    ...(ntlm && { security: [ntlm, spnegoServer([ntlm])] }),
    onError: (error) =>
      io.err(`error: ${error instanceof Error ? error.message : String(error)}\n`),
  });
  let at: string;
  try {
    at = await server.listen(listen);
  } catch (error) {
    const isMisuse = error instanceof BindingError || error instanceof TypeError;
    throw isMisuse ? new UsageError(error.message) : error;
  }
  for (const { interface: each } of served) {
    io.out(`${each.name} ${each.version.major}.${each.version.minor} ${each.uuid}\n`);
  }
  io.out(`Listening at ${at}\n`);
  await io.interrupted();
  await server.close({ graceTime: 1000 });
}

function short(text: string): string {
  return text.length <= longestLine ? text : `${text.slice(0, longestLine)}...`;
}
