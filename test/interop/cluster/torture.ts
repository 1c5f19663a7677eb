// smbtorture's tests of clusters: which pass, and why the others can't.
import { runAside } from "../rpc/run-aside.ts";
import { aliceOfSamba } from "../../support/accounts.ts";

/** Tests that our server can't pass, and why. Each has to fail, or to be left out by smbtorture itself. */
export const cannotPass: Readonly<Record<string, string>> = {
  "resource.GetResourceNetworkName":
    "a resource has the network name of one that it depends on, and the network name depends on none",
  "resource.all_resources": "each resource would have to depend on a network name",
  "resource.SetQuorumResource": "smbtorture leaves it out",
  "groupset.OpenGroupSet": "it opens a group set called Cluster Group, which is a group",
  "groupset.CloseGroupSet": "it opens the same one first",
  "node.ResumeNode": "it expects a node that is not paused, and the test before it has paused it",
  "node.EvictNode": "it evicts the node that serves it",
};

export interface TortureResult {
  readonly passed: readonly string[];
  /** What is said of each other test. */
  readonly others: ReadonlyMap<string, string>;
}

export async function torture(address: string, options: string): Promise<TortureResult> {
  const target = `ncacn_ip_tcp:${address}[${options}]`;
  const args = ["--option=torture:dangerous=yes", "-U", aliceOfSamba, target, "rpc.clusapi"];
  const { stdout } = await runAside("smbtorture", args, 120);
  const others = [...stdout.matchAll(/^(?:failure|error|skip): (\S+) \[\n([^]*?)^\]$/gm)];
  return {
    passed: [...stdout.matchAll(/^success: (\S+)/gm)].map(([, name = ""]) => name),
    others: new Map(others.map(([, name = "", said = ""]) => [name, said.trim()])),
  };
}
