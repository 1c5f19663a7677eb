/** Five operations, each answered once with a result and once with a failing status: call, bytes, answer. */
import { clusapi2, clusapi3, ClusterChange } from "@msrpc/ms-cmrp";
import { createClient, inMemoryTransport, RpcError, type StubEvent } from "@msrpc/rpc";
import { inspect } from "node:util";
import { remove, tourServer } from "./cluster.ts";

export async function tour(print: (line: string) => void): Promise<void> {
  let seen: StubEvent[] = [];
  const transport = inMemoryTransport(tourServer(), { onStub: (event) => seen.push(event) });
  await using v2 = createClient(clusapi2, transport);
  await using v3 = createClient(clusapi3, transport);

  const network = await v2.openNetwork({ networkName: "Cluster Network 1" });
  const netInterface = await v2.openNetInterface({ netInterfaceName: "node1 - Ethernet" });
  const notify = await v2.createNotify();
  const resource = await v3.openResource({ resourceName: "Cluster Name" });

  const calls: readonly (readonly [title: string, code: string, call: () => Promise<unknown>])[] = [
    [
      "ApiGetNetworkState, 2.0, opnum 83",
      "v2.getNetworkState({ network })",
      () => v2.getNetworkState({ network }),
    ],
    [
      "ApiGetNetInterfaceState, 2.0, opnum 94",
      "v2.getNetInterfaceState({ netInterface })",
      () => v2.getNetInterfaceState({ netInterface }),
    ],
    [
      "ApiAddNotifyNetInterface, 2.0, opnum 99",
      "v2.addNotifyNetInterface({ notify, netInterface, filter: ClusterChange.NetInterfaceState, notifyKey: 1 })",
      () =>
        v2.addNotifyNetInterface({
          notify,
          netInterface,
          filter: ClusterChange.NetInterfaceState,
          notifyKey: 1,
        }),
    ],
    [
      "ApiFailResource, 3.0, opnum 16",
      "v3.failResource({ resource })",
      () => v3.failResource({ resource }),
    ],
    [
      "ApiOpenGroup, 3.0, opnum 41",
      'v3.openGroup({ groupName: "SQL Group" })',
      () => v3.openGroup({ groupName: "SQL Group" }),
    ],
  ];

  const show = async (code: string, call: () => Promise<unknown>): Promise<void> => {
    seen = [];
    print(`  ${code}`);
    const answer = await call().then(
      (value) => (value === undefined ? "done" : inspect(value, { breakLength: 100 })),
      (error: unknown) => {
        if (error instanceof RpcError) return `throws RpcError: ${error.message}`;
        throw error;
      },
    );
    for (const event of seen) {
      const arrow = event.direction === "request" ? ">" : "<";
      for (const line of "stub" in event ? hexLines(event.stub) : [`fault ${event.status}`])
        print(`    ${arrow} ${line}`);
    }
    print(`    = ${answer}`);
  };

  print(
    "\nFive operations, client and server in memory; > request, < answer, = what the caller gets:",
  );
  for (const [title, code, call] of calls) {
    print(`\n${title}`);
    await show(code, call);
  }
  for (const name of ["Cluster Network 1", "node1 - Ethernet", "Cluster Name", "SQL Group"])
    remove(name);
  print("\nThe same after another administrator removed the objects:");
  for (const [title, code, call] of calls) {
    print(`\n${title}`);
    await show(code, call);
  }
}

/** 32 bytes a line, in groups of four. */
function hexLines(bytes: Uint8Array): string[] {
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return (hex.match(/.{1,64}/g) ?? []).map((line) => (line.match(/.{1,8}/g) ?? []).join(" "));
}
