/** The cluster that there is when nobody defines one: a single node, with what Windows names things. */
import type { ClusterDefinition } from "./definition.ts";

/** Resource types with the library that Windows has for each. */
const types: Readonly<Record<string, string>> = {
  "Generic Application": "clusres.dll",
  "Generic Script": "clusres.dll",
  "Generic Service": "clusres.dll",
  "Network Name": "clusres.dll",
  "Distributed Network Name": "clusres.dll",
  "IP Address": "clusres.dll",
  "IPv6 Address": "clusres.dll",
  "IPv6 Tunnel Address": "clusres.dll",
  "Physical Disk": "clusres.dll",
  "File Share Witness": "clusres.dll",
  "Cloud Witness": "clusres.dll",
  "File Server": "clusres2.dll",
  "Storage Pool": "clusres.dll",
  "Virtual Machine": "vmclusres.dll",
  "Virtual Machine Configuration": "vmclusres.dll",
  "DHCP Service": "clnetres.dll",
  "Distributed File System": "clusres2.dll",
  "Distributed Transaction Coordinator": "mtxclu.dll",
  "Task Scheduler": "clusres2.dll",
};

export const defaultDefinition: ClusterDefinition = {
  name: "cluster1",
  nodes: [{ name: "node1" }],
  networks: [
    {
      name: "Cluster Network 1",
      address: "127.0.0.0",
      addressMask: "255.0.0.0",
      interfaces: [{ name: "node1 - Ethernet", node: "node1", address: "127.0.0.1" }],
    },
  ],
  resourceTypes: Object.entries(types).map(([name, dllName]) => ({ name, dllName })),
  groups: [
    {
      name: "Cluster Group",
      type: 1,
      resources: [
        { name: "Cluster Name", type: "Network Name", online: true, core: true },
        { name: "Network Name", type: "Network Name", online: true },
      ],
    },
    { name: "Available Storage", type: 2, resources: [] },
  ],
};
