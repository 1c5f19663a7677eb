// Our client asks Samba's endpoint mapper, and Samba's own client does.
import { ntlmClient, spnegoClient } from "@msrpc/auth";
import { epm } from "@msrpc/dce-rpc/epm";
import type { InterfaceId } from "@msrpc/rpc";
import { tcpTransport } from "@msrpc/rpc/tcp";
import { rpcecho } from "@msrpc/rpcecho";
import {
  connectManagement,
  endpointResolver,
  formatEndpoint,
  lookupEndpoints,
  mapEndpoints,
  registerEndpoints,
  resolveEndpoint,
} from "@msrpc/services";
import { check, demand } from "../support/report.ts";
import {
  all,
  beginCapture,
  describe,
  descriptions,
  judge,
  rejection,
  runPeer,
  sameReferent,
  unread,
} from "./support.ts";

export interface SambaMapper {
  readonly name: string;
  /** Where it has port 135. */
  readonly address: string;
  /** Who may log on. */
  readonly user: { readonly user: string; readonly domain: string; readonly password: string };
}

export async function askSamba({ name, address, user }: SambaMapper): Promise<void> {
  const captured = beginCapture(name);
  const binding = `ncacn_ip_tcp:${address}`;
  const entries = await all(lookupEndpoints(binding));
  const overTcp = entries.filter(({ endpoint }) => endpoint?.protocol === "ncacn_ip_tcp");

  await check(`${name}: our list of its endpoints is the one of Samba's own client`, async () => {
    const theirs = descriptions(await runPeer("samba-client.py", address, "lookup", "500"));
    demand(theirs.length >= 10, `only ${theirs.length} endpoints`);
    for (const entriesPerCall of [1, 7, 500]) {
      const ours = await all(lookupEndpoints(binding, {}, { entriesPerCall }));
      demand(ours.map(describe).join() === theirs.join(), `${ours.length} others`);
    }
    return `${theirs.length} endpoints`;
  });

  await check(`${name}: lists by interface have the endpoints of that interface`, async () => {
    for (const { tower } of entries) {
      const wanted: InterfaceId | undefined = tower?.interface;
      if (wanted === undefined) continue;
      const same = entries.filter(({ tower: other }) => {
        const { uuid, version } = other?.interface ?? wanted;
        return uuid === wanted.uuid && version.major === wanted.version.major;
      });
      const filter = { interface: wanted, versions: "compatible" } as const;
      const found = await all(lookupEndpoints(binding, filter));
      demand(found.map(describe).join() === same.map(describe).join(), `others of ${wanted.uuid}`);
    }
    return `${entries.length} lists`;
  });

  await check(`${name}: each interface is found at its port, and bound there`, async () => {
    for (const { tower, endpoint } of overTcp) {
      if (tower === null || endpoint === null) continue;
      const found = await mapEndpoints(binding, { interface: tower.interface });
      const ports = overTcp.filter(
        ({ tower: one }) => one?.interface.uuid === tower.interface.uuid,
      );
      const listed = new Set(ports.map(({ endpoint: one }) => one?.endpoint));
      demand(
        found.every((one) => listed.has(one.endpoint)),
        `${endpoint.endpoint} is not ${found.map(formatEndpoint).join()}`,
      );
      await using transport = tcpTransport(binding, { resolveEndpoint });
      await (await transport.associate(tower.interface)).close();
    }
    return `${overTcp.length} interfaces`;
  });

  await check(`${name}: named pipes and local endpoints are found likewise`, async () => {
    let count = 0;
    for (const { tower, endpoint } of entries) {
      if (tower === null || endpoint === null) continue;
      const query = { interface: tower.interface, protocol: endpoint.protocol };
      const found = (await mapEndpoints(binding, query)).map(formatEndpoint);
      const listed = entries.filter(
        ({ tower: one }) => one?.interface.uuid === query.interface.uuid,
      );
      const known = new Set(listed.map((one) => one.endpoint && formatEndpoint(one.endpoint)));
      demand(found.length > 0 && found.every((one) => known.has(one)), found.join());
      count++;
    }
    return `${count} endpoints`;
  });

  await check(`${name}: an interface that isn't there is EPT_S_NOT_REGISTERED`, async () => {
    await using transport = tcpTransport(binding, { resolveEndpoint });
    const { statusName } = await rejection(transport.associate(rpcecho));
    demand(statusName === "EPT_S_NOT_REGISTERED", String(statusName));
    return "";
  });

  await check(`${name}: it is asked with NTLM and SPNEGO, signed and sealed`, async () => {
    const ntlm = ntlmClient(user);
    const [first] = overTcp;
    demand(first?.tower !== undefined && first.tower !== null, "nothing to ask for");
    for (const security of [ntlm, spnegoClient([ntlm])]) {
      for (const level of ["connect", "integrity", "privacy"] as const) {
        const options = { resolveEndpoint: endpointResolver({ security, level }) };
        await using transport = tcpTransport(binding, options);
        await transport.associate(first.tower.interface);
      }
    }
    return "";
  });

  await check(`${name}: registering from elsewhere is refused`, async () => {
    const { statusName } = await rejection(
      registerEndpoints(binding, [rpcecho], [`${binding}[1]`]),
    );
    demand(statusName === "nca_s_op_rng_error", String(statusName));
    return statusName;
  });

  await check(`${name}: it tells about itself`, async () => {
    await using management = connectManagement(binding);
    const interfaces = await management.interfaces();
    demand(
      interfaces.some(({ uuid }) => uuid === epm.uuid),
      "it doesn't list the mapper",
    );
    demand(await management.isListening(), "it doesn't listen");
    const stopping = await rejection(management.stopListening());
    demand(stopping.statusName === "ERROR_ACCESS_DENIED", String(stopping.statusName));
    // Samba wants four octets behind the count that no document has; Windows and we pass over them.
    const statistics = await rejection(management.statistics());
    demand(statistics.statusName === "RPC_X_BAD_STUB_DATA", String(statistics.statusName));
    return `${interfaces.length} interfaces`;
  });

  await check(`${name}: Wireshark finds nothing wrong with what we ask`, () =>
    judge(captured, [135], [unread, sameReferent]),
  );
}
