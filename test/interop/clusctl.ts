// clusctl as a process of its own: logged on by Kerberos, and completed by the shells that people use.
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { spnegoServer } from "@msrpc/auth";
import { kerberosServer } from "@msrpc/auth/kerberos";
import { Cluster, defaultDefinition, defineCluster, serveCluster } from "@msrpc/cluster";
import { createRouter, type Caller, type ServerInterceptor } from "@msrpc/rpc";
import { tcpServer } from "@msrpc/rpc/tcp";
import { run } from "./support/command.ts";
import { kdcPackages, startKdc } from "./support/kdc.ts";
import { needPackages } from "./support/packages.ts";
import { check, demand } from "./support/report.ts";

needPackages("libgssapi-krb5-2", ...kdcPackages, "zsh", "fish");

const alice = { principal: "alice", password: "correct horse" };
const target = "MSServerClusterMgmtAPI/server.example.com";
const program = new URL("../../packages/clusctl/src/main.ts", import.meta.url).pathname;

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** The command, with an environment and nobody at its terminal. */
async function clusctl(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const child = spawn(process.execPath, ["--conditions=source", program, ...args], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const text = { out: "", err: "" };
  child.stdout.setEncoding("utf8").on("data", (part: string) => (text.out += part));
  child.stderr.setEncoding("utf8").on("data", (part: string) => (text.err += part));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject).once("close", resolve);
  });
  return { code, ...text };
}

await using kdc = await startKdc("127.0.0.67", "EXAMPLE.COM");
process.env.KRB5_CONFIG = kdc.kerberosConfiguration;
kdc.addUser(alice.principal, alice.password);
const kerberos = kerberosServer({ keytab: kdc.addService(target) });

const callers: Caller[] = [];
const remember: ServerInterceptor = (next) => (call) => {
  callers.push(call.context.caller);
  return next(call);
};
const surroundings = { now: Date.now, newId: () => crypto.randomUUID() };
const router = createRouter({ onError: (error) => console.error(error), interceptors: [remember] });
const state = defineCluster(defaultDefinition, surroundings);
serveCluster(router, new Cluster(state, { surroundings }), { policy: () => "all" });
await using server = tcpServer(router, { security: [spnegoServer([kerberos])] });
const binding = await server.listen("ncacn_ip_tcp:127.0.0.68[0]");
const where = ["--server", binding, "--kerberos", "--target", target];

function demandAlice({ code, out, err }: Ended): void {
  demand(code === 0, `it ended with ${code}: ${err}`);
  demand(out.includes("Cluster Group      ● Online   node1"), out);
  const { principal, level } = callers.at(-1) ?? {};
  demand(principal?.name === `alice@${kdc.realm}`, `${principal?.name} calls`);
  demand(
    principal.mechanism === "kerberos" && level === "privacy",
    `${principal.mechanism} ${level}`,
  );
}

await check("clusctl --kerberos logs on with the tickets of kinit, sealed", async () => {
  const ccache = `FILE:${join(kdc.folder, "tickets")}`;
  run("kinit", ["-c", ccache, alice.principal], { input: `${alice.password}\n` });
  demandAlice(await clusctl([...where, "group"], { KRB5CCNAME: ccache }));
  return `alice@${kdc.realm}`;
});

await check("and as --user, with a password from a file or the environment", async () => {
  const file = join(kdc.folder, "password");
  writeFileSync(file, `${alice.password}\n`);
  const none = { KRB5CCNAME: `FILE:${join(kdc.folder, "none")}` };
  const user = ["--user", `alice@${kdc.realm}`];
  demandAlice(await clusctl([...where, ...user, "--password-file", file, "group"], none));
  const env = { ...none, CLUSCTL_PASSWORD: alice.password };
  demandAlice(await clusctl([...where, ...user, "group"], env));
  return "twice";
});

await check("without tickets, or with a wrong password, it says what to do", async () => {
  const none = { KRB5CCNAME: `FILE:${join(kdc.folder, "none")}` };
  const bare = await clusctl([...where, "group"], none);
  demand(bare.code === 1 && /kinit/.test(bare.err), `${bare.code}: ${bare.err}`);
  const env = { ...none, CLUSCTL_PASSWORD: "wrong" };
  const wrong = await clusctl([...where, "--user", `alice@${kdc.realm}`, "group"], env);
  demand(wrong.code === 1 && /password/i.test(wrong.err), `${wrong.code}: ${wrong.err}`);
  return wrong.err.trim().split("\n").at(-1) ?? "";
});

await check("fish completes commands and options", async () => {
  const script = join(kdc.folder, "clusctl.fish");
  writeFileSync(script, (await clusctl(["completion", "fish"])).out);
  const offered = (line: string): string[] =>
    run("fish", ["--no-config", "-c", `source ${script}; complete -C '${line}'`])
      .split("\n")
      .flatMap((one) => one.split("\t")[0] || []);
  const cases = {
    "clusctl re": "registry resource",
    "clusctl --json group off": "offline",
    "clusctl node pause n --d": "--drain",
  };
  for (const [line, expected] of Object.entries(cases)) {
    const found = offered(line).toSorted().join(" ");
    demand(found === expected, `${line}: ${found}`);
  }
  return `${Object.keys(cases).length} lines`;
});

await check("zsh completes a command at its prompt", async () => {
  const script = join(kdc.folder, "clusctl.zsh");
  writeFileSync(script, (await clusctl(["completion", "zsh"])).out);
  const typing = join(kdc.folder, "typing.zsh");
  writeFileSync(
    typing,
    [
      "zmodload zsh/zpty",
      "zpty shell zsh -f -i",
      `zpty -w shell 'source ${script}; clusctl() { print ran: "$@" }; print is-"ready"'`,
      "zpty -r shell ready '*is-ready*'",
      "zpty -w -n shell $'clusctl group off\\t SQL\\n'",
      "zpty -r shell ran '*ran: group offline SQL*'",
      "print completed",
    ].join("\n"),
  );
  const out = run("zsh", ["-f", typing], { seconds: 30 });
  demand(out.includes("completed"), out);
  return "group off<Tab> SQL";
});
