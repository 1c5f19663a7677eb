// rpcclient's commands for clusters, and what each has to say.
import { runAside } from "../rpc/run-aside.ts";
import { aliceOfSamba } from "../../support/accounts.ts";

/** All that it has, in an order in which each finds what it needs; the lines are what Samba decodes of the answers. */
const commands: readonly (readonly [command: string, says: readonly RegExp[]])[] = [
  ["clusapi_open_cluster", [/successfully opened cluster/, /successfully closed cluster/]],
  ["clusapi_get_cluster_name", [/^ClusterName: cluster1$/m, /^NodeName: node1$/m]],
  ["clusapi_get_cluster_version", [/^error: WERR_CALL_NOT_IMPLEMENTED$/m]],
  ["clusapi_get_quorum_resource", [/^lpszResourceName: $/m, /^pdwMaxQuorumLogSize: 0$/m]],
  ["clusapi_create_enum 1", [/EntryCount +: 0x00000002/, /'node1'/, /'CTDB_NODE_0'/]],
  ["clusapi_create_enum 38", [/'Available Storage'/, /'Cluster Network 1'/, /'node1 - Ethernet'/]],
  ["clusapi_create_enumex 8", [/ReturnNameEnum[^]*'Cluster Group'/, /ReturnIdEnum/]],
  ["clusapi_open_resource", [/clusapi_CloseResource[^]*WERR_OK/]],
  ["clusapi_offline_resource 'Network Name'", [/^rpc_status: WERR_OK$/m]],
  ["clusapi_get_resource_state 'Network Name'", [/ClusterResourceOffline/i, /'Cluster Group'/]],
  ["clusapi_online_resource 'Network Name'", [/^rpc_status: WERR_OK$/m]],
  ["clusapi_get_resource_state 'Network Name'", [/ClusterResourceOnline/i, /'node1'/]],
  [
    "clusapi_get_cluster_version2",
    [/lpwMajorVersion +: \*\n.*0x000a/, /cluster_highest|dwClusterHighestVersion/i],
  ],
  ["clusapi_pause_node", [/Cluster node CTDB_NODE_0 has been paused/]],
  ["clusapi_resume_node", [/Cluster node CTDB_NODE_0 has been resumed/]],
];

export const commandCount: number = new Set(commands.map(([line]) => line.split(" ")[0])).size;

/** Runs them all, each as a program of its own that asks our endpoint mapper; what they should have said and didn't. */
export async function runCommands(address: string, options: string): Promise<string[]> {
  const wrong: string[] = [];
  for (const [command, says] of commands) {
    const args = [
      "-d",
      "10",
      "-U",
      aliceOfSamba,
      `ncacn_ip_tcp:${address}[${options}]`,
      "-c",
      command,
    ];
    const { status, stdout, stderr } = await runAside("rpcclient", args);
    const said = `${stdout}\n${stderr}`;
    const isWanted = status === 0 || command === "clusapi_get_cluster_version";
    const missing = says.filter((words) => !words.test(said)).map(String);
    if (isWanted && missing.length === 0) continue;
    wrong.push(
      `${command} (${options}): status ${status}, without ${missing.join(" ")}: ${stdout}`,
    );
  }
  return wrong;
}
