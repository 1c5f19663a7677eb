// clusterd takes tickets: their owners may do what --keytab-may says, and nothing beside it.
import { spnegoClient } from "@msrpc/auth";
import { kerberosClient } from "@msrpc/auth/kerberos";
import { Cluster } from "@msrpc/clusapi";
import { createLog, readOptions, runClusterd } from "@msrpc/clusterd";
import type { Kdc } from "../support/kdc.ts";
import { check, demand } from "../support/report.ts";
import { alice } from "./service.ts";

/** What MS-CMRP calls the service of a cluster ([MS-CMRP] 2.1). */
const service = "MSServerCluster/cluster.example.com";

interface Served extends AsyncDisposable {
  readonly binding: string;
}

async function serve(keytab: string, address: string, may: string): Promise<Served> {
  const listen = ["--listen", `ncacn_ip_tcp:${address}[0]`];
  const options = readOptions([...listen, "--keytab", keytab, "--keytab-may", may]);
  const stopped = Promise.withResolvers<void>();
  const listening = Promise.withResolvers<string>();
  const write = (line: string): void => {
    const { event, binding } = JSON.parse(line) as { event: string; binding?: string };
    if (event === "listening") listening.resolve(binding ?? "");
  };
  const log = createLog({ format: "json", level: "info", write, now: Date.now });
  const ended = runClusterd(options, log, stopped.promise);
  ended.catch(listening.reject);
  return {
    binding: await listening.promise,
    async [Symbol.asyncDispose]() {
      stopped.resolve();
      await ended;
    },
  };
}

/** What becomes of somebody with a ticket who makes a group: its name, or why there is none. */
async function groupBy(binding: string): Promise<string> {
  const credentials = spnegoClient([kerberosClient(alice, { target: service })]);
  try {
    await using cluster = await Cluster.connect(binding, { credentials, candidates: [] });
    const { name } = await cluster.createGroup("SQL");
    return name;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

export async function checkClusterd(kdc: Kdc, address: string): Promise<void> {
  const keytab = kdc.addService(service);
  await check("clusterd takes tickets, and goes by --keytab-may", async () => {
    const said: string[] = [];
    for (const may of ["all", "read", "nothing"]) {
      await using served = await serve(keytab, address, may);
      said.push(await groupBy(served.binding));
    }
    const [all, ...others] = said;
    demand(all === "SQL", `all: ${all}`);
    for (const other of others) demand(/ACCESS_DENIED/.test(other), other);
    return "all, read and nothing";
  });
}
