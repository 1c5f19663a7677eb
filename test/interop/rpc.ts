// Our client calls Samba's servers over TCP, and impacket calls ours.
import { ntlmClient, ntlmServer, spnegoClient } from "@msrpc/auth";
import { epm } from "@msrpc/dce-rpc/epm";
import { mgmt } from "@msrpc/dce-rpc/mgmt";
import { type ClusterHandle, clusapi3 } from "@msrpc/ms-cmrp";
import { createClient, createRouter, handleKind, RpcFault } from "@msrpc/rpc";
import { tcpServer, type TcpOptions, tcpTransport } from "@msrpc/rpc/tcp";
import { alice, storeOf } from "../support/accounts.ts";
import { sambaUser, startSamba } from "./rpc/samba-server.ts";
import { runAside } from "./rpc/run-aside.ts";
import { callOverSharedConnections } from "./rpc/shared-connections.ts";
import { needPackages } from "./support/packages.ts";
import { check, demand } from "./support/report.ts";

needPackages("samba", "samba-common-bin", "python3-impacket");

/** Everything that an endpoint mapper has, so many at a call. */
async function lookUp(binding: string, options: TcpOptions, atOnce: number): Promise<string[]> {
  await using transport = tcpTransport(binding, options);
  const mapper = createClient(epm, transport);
  const found: string[] = [];
  let entryHandle = null;
  do {
    const answer = await mapper.lookup({
      inquiryType: 0,
      object: null,
      interfaceId: null,
      versionOption: 1,
      entryHandle,
      maxEntries: atOnce,
    });
    for (const { tower, annotation } of answer.entries) {
      found.push(`${annotation} ${Buffer.from(tower?.octets ?? []).toString("hex")}`);
    }
    ({ entryHandle } = answer);
  } while (entryHandle !== null);
  return found;
}

async function callSamba(address: string): Promise<void> {
  const binding = `ncacn_ip_tcp:${address}[135]`;
  let all: string[] = [];
  await check("Samba's endpoint mapper lists its endpoints", async () => {
    all = await lookUp(binding, {}, 500);
    demand(all.length >= 10, `only ${all.length} endpoints`);
    demand(new Set(all).size === all.length, "an endpoint comes twice");
    return `${all.length} endpoints`;
  });

  const forms: Readonly<Record<string, TcpOptions>> = {
    "big-endian": { byteOrder: "big" },
    "in the smallest fragments": { limits: { maxFragment: 1432 } },
    "offering NDR64 first": { syntaxes: ["ndr64", "ndr"] },
  };
  for (const [form, options] of Object.entries(forms)) {
    await check(`The same, ${form}, a few at a call`, async () => {
      const found = await lookUp(binding, options, 3);
      demand(found.toString() === all.toString(), `${found.length} other endpoints`);
      return "the same endpoints";
    });
  }

  await check("Interfaces share a connection, and faults fail their calls alone", async () => {
    await using transport = tcpTransport(binding);
    const management = createClient(mgmt, transport);
    const mapper = createClient(epm, transport);
    for (let i = 0; i < 20; i++) {
      const { interfaces } = await management.inqIfIds();
      demand((interfaces?.interfaces.length ?? 0) > 0, "no interfaces");
      const thrown = await mapper.inqObject().then(
        () => null,
        (error: unknown) => error,
      );
      demand(thrown instanceof RpcFault, `instead of a fault: ${String(thrown)}`);
    }
    const many = Array.from({ length: 200 }, () => management.isServerListening());
    demand(
      (await Promise.all(many)).every(({ returnValue }) => returnValue === 1),
      "not listening",
    );
    return "200 calls at once";
  });

  await check(
    "An interface that isn't there is nca_s_unk_if, and one at hand is bound on",
    async () => {
      await using transport = tcpTransport(binding);
      const cluster = createClient(clusapi3, transport);
      const thrown = await cluster.openCluster().then(
        () => null,
        (error: unknown) => error,
      );
      demand(thrown instanceof RpcFault && thrown.statusName === "nca_s_unk_if", String(thrown));
      await createClient(mgmt, transport).inqIfIds();
      return "";
    },
  );

  for (const level of ["connect", "packet", "integrity", "privacy"] as const) {
    for (const byteOrder of ["little", "big"] as const) {
      await check(`NTLM and SPNEGO at level ${level}, ${byteOrder}-endian`, async () => {
        const ntlm = ntlmClient(sambaUser);
        for (const security of [ntlm, spnegoClient([ntlm])]) {
          for (const verificationTrailer of [false, true]) {
            const options = { security, level, byteOrder, verificationTrailer };
            const found = await lookUp(binding, options, 20);
            demand(found.toString() === all.toString(), `${found.length} other endpoints`);
          }
        }
        return "the same endpoints";
      });
    }
  }

  await check("A wrong password is refused", async () => {
    const security = ntlmClient({ ...sambaUser, password: "other" });
    const thrown = await lookUp(binding, { security }, 20).then(
      () => null,
      (error: unknown) => error,
    );
    demand(thrown instanceof Error, "it was taken");
    return thrown.message;
  });
}

async function serveImpacket(): Promise<void> {
  const clusters = handleKind<ClusterHandle, string>("cluster");
  const listed = [mgmt, clusapi3];
  const router = createRouter({ onError: console.error })
    .serve(mgmt, {
      inqIfIds: () => ({
        interfaces: {
          interfaces: listed.map(({ uuid, version }) => ({ uuid, ...version })),
        },
      }),
      inqPrincName: ({ maxSize }, { caller }) => ({
        principalName: (caller.principal?.name ?? "nobody").slice(0, maxSize - 1),
      }),
    })
    .serve(clusapi3, {
      openCluster: (_request, { handles }) => handles.open(clusters, "cluster"),
      closeCluster({ cluster }, { handles }) {
        handles.close(clusters, cluster);
      },
    });
  const accounts = storeOf([alice]);
  const names = { computerName: "SERVER", domainName: "EXAMPLE" };
  const errors: unknown[] = [];
  await using server = tcpServer(router, {
    security: [ntlmServer({ accounts, ...names })],
    onError: (error) => errors.push(error),
  });
  const binding = await server.listen("ncacn_ip_tcp:127.0.0.1[0]");
  const [, port = ""] = /\[(\d+)\]/.exec(binding) ?? [];
  const script = new URL("rpc/impacket-client.py", import.meta.url).pathname;
  for (const syntax of ["ndr", "ndr64"]) {
    for (const level of ["none", "integrity", "privacy"]) {
      for (const fragment of level === "none" ? ["0", "1", "8"] : ["0"]) {
        const name = `impacket in ${syntax}, level ${level}`;
        await check(
          fragment === "0" ? name : `${name}, ${fragment} octets a fragment`,
          async () => {
            const args = [script, port, syntax, level, fragment];
            const { status, stdout, stderr } = await runAside("/usr/bin/python3", args);
            demand(status === 0, stderr.trim().split("\n").slice(-3).join("\n"));
            const who = level === "none" ? "nobody" : "EXAMPLE\\alice";
            const [interfaces, handles] = fragment === "0" ? [2, "20"] : ["-", "no"];
            const expected = `interfaces=${interfaces} name=${who} handles=${handles}`;
            demand(stdout.trim() === expected, stdout.trim());
            demand(errors.length === 0, String(errors[0]));
            return "";
          },
        );
      }
    }
  }
}

{
  await using samba = await startSamba("127.0.0.41");
  await callSamba(samba.address);
  await callOverSharedConnections(samba.address);
}
await serveImpacket();
