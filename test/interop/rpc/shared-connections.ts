// What our client does with its connections, held against Samba: several in one association group, and several security
// contexts on one.
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { ntlmClient, spnegoClient } from "@msrpc/auth";
import { epm } from "@msrpc/dce-rpc/epm";
import { mgmt } from "@msrpc/dce-rpc/mgmt";
import { type Client, createClient, RpcFault, TransportError } from "@msrpc/rpc";
import { type TcpOptions, tcpTransport } from "@msrpc/rpc/tcp";
import { check, demand } from "../support/report.ts";
import { sambaUser } from "./samba-server.ts";

/** Sockets that something opens. */
async function socketsOf(run: () => Promise<void>): Promise<number> {
  let count = 0;
  const opened = (): void => void count++;
  subscribe("net.client.socket", opened);
  try {
    await run();
  } finally {
    unsubscribe("net.client.socket", opened);
  }
  return count;
}

type Mapper = Client<typeof epm.operations>;
type Lookup = Awaited<ReturnType<Mapper["lookup"]>>;

function lookUp(mapper: Mapper, entryHandle: Lookup["entryHandle"]): Promise<Lookup> {
  const all = { inquiryType: 0, object: null, interfaceId: null, versionOption: 1 };
  return mapper.lookup({ ...all, entryHandle, maxEntries: 1 });
}

/** Everything, one entry a call: each of them needs the handle of the call before. */
async function count(mapper: Mapper): Promise<number> {
  let found = 0;
  let entryHandle: Lookup["entryHandle"] = null;
  do {
    const answer = await lookUp(mapper, entryHandle);
    found += answer.entries.length;
    ({ entryHandle } = answer);
  } while (entryHandle !== null);
  return found;
}

async function outcomeOf(call: Promise<unknown>): Promise<unknown> {
  return await call.then(
    () => null,
    (error: unknown) => error,
  );
}

export async function callOverSharedConnections(address: string): Promise<void> {
  const binding = `ncacn_ip_tcp:${address}[135]`;
  const ntlm = ntlmClient(sambaUser);

  for (const options of [{}, { security: ntlm }] satisfies TcpOptions[]) {
    const how = "security" in options ? "sealed" : "unprotected";
    await check(`Context handles are good on each connection of a group, ${how}`, async () => {
      let found: number[] = [];
      const sockets = await socketsOf(async () => {
        await using transport = tcpTransport(binding, { ...options, connections: { max: 4 } });
        const mapper = createClient(epm, transport);
        const expected = await count(mapper);
        found = await Promise.all(Array.from({ length: 12 }, () => count(mapper)));
        demand(
          found.every((one) => one === expected),
          `${found.join(", ")} of ${expected}`,
        );
      });
      demand(sockets === 4, `${sockets} connections`);
      return `${found.length} searches at once, ${found[0]} entries each`;
    });
  }

  await check("A handle of another association group is a context mismatch", async () => {
    await using transport = tcpTransport(binding);
    await using other = tcpTransport(binding);
    const mapper = createClient(epm, transport);
    const { entryHandle } = await lookUp(mapper, null);
    const thrown = await outcomeOf(lookUp(createClient(epm, other), entryHandle));
    demand(thrown instanceof RpcFault, String(thrown));
    demand(thrown.statusName === "nca_s_fault_context_mismatch", thrown.statusName);
    return "";
  });

  await check("Several security contexts, each call under its own", async () => {
    let contexts = 0;
    const sockets = await socketsOf(async () => {
      await using transport = tcpTransport(binding, { security: ntlm, level: "privacy" });
      const levels = ["privacy", "integrity", "packet", "connect"] as const;
      const clients = [ntlm, spnegoClient([ntlm])].flatMap((security) =>
        levels.map((level) => createClient(epm, transport.as({ security, level }))),
      );
      const expected = await count(createClient(epm, transport));
      for (let round = 0; round < 3; round++) {
        const found = await Promise.all(clients.map((client) => count(client)));
        demand(
          found.every((one) => one === expected),
          `${found.join(", ")} of ${expected}`,
        );
      }
      contexts = clients.length + 1;
    });
    return `${contexts} security contexts on ${sockets} connection${sockets === 1 ? "" : "s"}`;
  });

  await check(
    "Faults, cancels and further interfaces leave sealed connections as they are",
    async () => {
      const sockets = await socketsOf(async () => {
        await using transport = tcpTransport(binding, { security: ntlm });
        const mapper = createClient(epm, transport);
        const expected = await count(mapper);
        for (let round = 0; round < 10; round++) {
          const fault = await outcomeOf(mapper.inqObject());
          demand(fault instanceof RpcFault, `instead of a fault: ${String(fault)}`);
          const controller = new AbortController();
          const given = outcomeOf(
            lookUpWith(mapper, controller.signal, round % 2 === 0 ? 0 : 1000),
          );
          controller.abort(new Error("enough"));
          const ended = await given;
          const isFine = ended === null || (ended instanceof Error && ended.message === "enough");
          demand(isFine, String(ended));
          await createClient(mgmt, transport).inqIfIds();
          demand((await count(mapper)) === expected, "other entries");
        }
      });
      demand(sockets === 1, `${sockets} connections`);
      return "10 rounds on one connection";
    },
  );

  await check("Credentials that are refused fail their calls, and others are served", async () => {
    await using transport = tcpTransport(binding, { security: ntlm });
    const expected = await count(createClient(epm, transport));
    const wrong = ntlmClient({ ...sambaUser, password: "other" });
    const thrown = await outcomeOf(count(createClient(epm, transport.as({ security: wrong }))));
    demand(thrown instanceof TransportError || thrown instanceof RpcFault, String(thrown));
    const others = createClient(epm, transport);
    // Samba ends the connection for it, and that may be seen only now.
    const found = await count(others).catch(() => count(others));
    demand(found === expected, "other entries");
    return thrown.message;
  });
}

function lookUpWith(mapper: Mapper, signal: AbortSignal, cancelTimeout: number): Promise<Lookup> {
  const all = { inquiryType: 0, object: null, interfaceId: null, versionOption: 1 };
  const request = { ...all, entryHandle: null, maxEntries: 500 };
  return mapper.lookup(request, { signal, cancelTimeout });
}
