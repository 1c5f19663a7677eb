/** In test mode: takes nodes that the process plays down and up again, as a failure and a start of their service would. */
import { type Cluster, nodeCameUp, nodeWentDown } from "@msrpc/cluster";

export interface PlayAnswer {
  /** Of HTTP. */
  readonly status: number;
  readonly text: string;
}

/** Answers `POST /nodes/NAME/down` and `/nodes/NAME/up`; null for other paths. */
export function playNode(cluster: Cluster, path: string): PlayAnswer | null {
  const [, encoded = "", to = ""] = /^\/nodes\/([^/]+)\/(down|up)$/.exec(path) ?? [];
  if (to === "") return null;
  const name = nameIn(encoded);
  const { nodes, localNode } = cluster.state;
  const node = name === null ? undefined : nodes.find(name);
  if (node === undefined) return { status: 404, text: "there is no node of that name\n" };
  if (node.id === localNode) {
    return { status: 409, text: `${node.name} is the node that answers: kill clusterd itself\n` };
  }
  cluster.run((tx) => (to === "down" ? nodeWentDown(tx, node) : nodeCameUp(tx, node)));
  return { status: 200, text: `${node.name} is ${to}\n` };
}

function nameIn(encoded: string): string | null {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return null;
  }
}
