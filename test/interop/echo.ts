// rpcecho: Samba's codec and ours give the same bytes, and Samba's smbtorture finds our server right.
import { ntlmServer } from "@msrpc/auth";
import { echoHandlers } from "@msrpc/examples/echo/handlers";
import { createRouter } from "@msrpc/rpc";
import { tcpServer } from "@msrpc/rpc/tcp";
import { rpcecho } from "@msrpc/rpcecho";
import { alice, aliceOfSamba, storeOf, withSpnego } from "../support/accounts.ts";
import { hex } from "../support/hex.ts";
import { planOf } from "../support/own-idl.ts";
import { callsOf, formName, forms, type Call } from "../support/stubs.ts";
import { runAside } from "./rpc/run-aside.ts";
import { recode } from "./samba/codec.ts";
import suites from "./smbtorture-suites.json" with { type: "json" };
import { run } from "./support/command.ts";
import { needPackages } from "./support/packages.ts";
import { check, demand, expectNone } from "./support/report.ts";

needPackages("python3-samba", "samba-testsuite");

/** Sets of values for each operation. */
const rounds = 25;
const { plan, interface: planned } = planOf("rpcecho/rpcecho.idl");

function disagreements(calls: readonly Call[], direction: "request" | "response"): string[] {
  const jobs = calls.map(({ operation, form, request, response }) => {
    const { opnum, params } = operation;
    const skip = [...params.map(({ name }) => name), "result"];
    return { opnum, form, skip, request, ...(direction === "response" && { response }) };
  });
  const answers = recode("samba.dcerpc.echo", jobs);
  return calls.flatMap(({ operation, ...call }, at) => {
    const theirs = answers[at]?.bytes ?? answers[at]?.error ?? "no answer";
    const ours = hex(call[direction]);
    return theirs === ours ? [] : [`${operation.name} ${direction}: ours ${ours}, ${theirs}`];
  });
}

for (const form of forms) {
  await check(`Samba's codec of rpcecho in ${formName(form)}`, () => {
    const calls = [...callsOf(plan, planned, rounds, [form])];
    expectNone([...disagreements(calls, "request"), ...disagreements(calls, "response")]);
    return `${calls.length * 2} stubs agree to the byte`;
  });
}

await check("Every RPC suite of smbtorture is run or left out for a reason", () => {
  const { run: ran, leftOut } = suites;
  const listed = [...Object.keys(ran), ...leftOut.flatMap((group) => group.suites)];
  const there = run("smbtorture", ["--list-suites"])
    .split("\n")
    .filter((name) => name.startsWith("rpc."));
  demand(there.length > 50, `smbtorture lists ${there.length} suites`);
  expectNone([
    ...there.filter((name) => !listed.includes(name)).map((name) => `${name} is not listed`),
    ...listed.filter((name) => !there.includes(name)).map((name) => `${name} is none of them`),
  ]);
  return `${Object.keys(ran).length} run, ${there.length - Object.keys(ran).length} left out`;
});

const tests = 10;
/** Runs at once: most of a run is waiting for calls of TestSleep. */
const atOnce = 6;

/**
 * What a binding says beside the port. smbtorture looks at padding, and writes what it reads once more to compare;
 * the latter it does without NDR64.
 */
const formOptions = [
  ",padcheck,validate",
  ",padcheck,validate,bigendian",
  ",padcheck,ndr64",
] as const;
const protections = ["connect", "packet", "sign", "seal"].flatMap((level) =>
  ["ntlm", "spnego"].map((mechanism) => `,${mechanism},${level}`),
);
const bindings = ["", ...protections].flatMap((protection) =>
  formOptions.map((form) => `${protection}${form}`),
);

/** What smbtorture says of a binding, other than ten successes. */
async function torture(binding: string, user: string): Promise<string[]> {
  const args = [binding, "rpc.echo", "-U", user];
  const { status, stdout, stderr } = await runAside("smbtorture", args, 60);
  const passed = stdout.match(/^success: /gm)?.length ?? 0;
  if (status === 0 && passed === tests) return [];
  const words = /^(?:failure|error).*$|.*NT_STATUS_.*/gm;
  const said = `${stdout}\n${stderr}`.match(words)?.join("; ") ?? "it did not say why";
  return [`${binding}: ${passed} of ${tests} passed, status ${status ?? "none"}: ${said}`];
}

async function serveTorture(): Promise<void> {
  const errors: unknown[] = [];
  const router = createRouter({ onError: (error) => errors.push(error) });
  const ntlm = ntlmServer({ accounts: storeOf([alice]) });
  await using server = tcpServer(router.serve(rpcecho, echoHandlers), {
    security: withSpnego(ntlm),
    onError: (error) => errors.push(error),
  });
  const listening = await server.listen("ncacn_ip_tcp:127.0.0.1[0]");
  const bindingWith = (options: string): string => listening.replace("]", `${options}]`);

  await check(
    "smbtorture rpc.echo at every level, with NTLM and SPNEGO, in every form",
    async () => {
      const findings: string[] = [];
      const waiting = [...bindings];
      const work = async (): Promise<void> => {
        for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
          findings.push(...(await torture(bindingWith(next), aliceOfSamba)));
        }
      };
      await Promise.all(Array.from({ length: atOnce }, work));
      expectNone([...findings, ...errors.map(String)]);
      return `${bindings.length} bindings, ${tests} tests each`;
    },
  );

  await check("smbtorture with a wrong password", async () => {
    const [finding = "it passed"] = await torture(bindingWith(",ntlm,seal"), `${aliceOfSamba}?`);
    demand(finding.includes("NT_STATUS_"), finding);
    return /NT_STATUS_\w+/.exec(finding)?.[0] ?? "";
  });
}

await serveTorture();
